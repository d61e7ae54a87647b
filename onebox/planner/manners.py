"""The manners of asking: what forbids, wonders, tells or tricks instead of asking.

Patterns over `Reading.plain`; every repetition is bounded.
"""

import re

_VERB = (
    r"(?:post|posting|create|creating|publish\w*|open|opening|launch\w*|list|hire|hiring|apply\w*"
    r"|submit\w*"
    r"|deliver\w*|finali[sz]\w*|pay|paying|release|releasing|close|closing|approv\w*|reject\w*"
    r"|validat\w*|vot\w*"
    r"|disput\w*|contest\w*|stak\w*|unstak\w*|withdraw\w*|lock\w*|cancel\w*|reclaim\w*|refund\w*"
    r"|set|setting"
    r"|chang\w*|updat\w*|configur\w*|add|adding|touch|take|sign|send|raise|lower|deposit\w*"
    r"|claim\w*|do|accept\w*)"
)
_VERB_ABROAD = (
    r"(?:publi\w*|cree\w*|crees|finali[sc]\w*|finalise\w*|cancel\w*|annul\w*|aprueb\w*|rechac\w*"
    r"|retir\w*|deposit\w*"
    r"|envi\w*|entregu\w*|soumet\w*|valid\w*|approuv\w*|rejet\w*|disput\w*|contest\w*|stak\w*"
    r"|verrouill\w*|reclam\w*)"
)
NEGATED = re.compile(
    r" (?:(?<!i )(?<!we )(?:do not|don't|dont|don t)|please no|never|must not|mustn't|should not"
    r"|shouldn't"
    r"|hold off(?: on)?|stop|refrain from|avoid|won't|will not|not going to|no longer want to"
    r"|(?:i|we) (?:do not|don't) want (?:you )?to"
    r"|(?:i|we) (?:didn't|did not|don't|do not)(?! (?:approve|accept))|wait (?:before|with)"
    r"|not (?:asking|telling|planning|trying|ready|willing|here)(?: you| anyone)? to"
    r"|prefer (?:that )?(?:you|we|it) (?:not|don't)|instead of|without|rather than|not to"
    r"|rather not|prefer not to|decided not to|no longer"
    r"|(?:rather|prefer(?: it)?(?: if)?|better if|wish) (?:you|we|they|nobody) (?:didn't|did not"
    r"|don't"
    r"|do not|not|wouldn't)|let's not|let us not|(?:no|any) (?:plans?|intention|wish|desire"
    r"|reason) (?:to|of)"
    r"|(?:decided|advis\w+) against|changed (?:my|our) minds? about|not(?= (?!approv|accept"
    r"|endors)\w+ing )"
    r"|(?:nobody|no one|none of us) (?:wants|asked|needs|plans)(?: you| us)? to"
    r"|(?:can't|cannot|can not|couldn't|unable to|refuse to)"
    r"(?! (?:find|see|approve|accept|endorse|recommend)))"
    rf"(?: please| ever| yet| actually| just| you| let \S+| go ahead and| want to){{0,2}}"
    rf" {_VERB}(?= )[^.;!?,:\n]{{0,300}}"
    rf"| {_VERB} (?:nothing|none|nobody)(?= )[^.;!?,:\n]{{0,300}}"
    r"| (?:nobody|no one|none of you) (?:please )?(?:post|apply|submit|finali[sz]e|pay|release"
    r"|approve"
    r"|reject|validate|dispute|stake|withdraw|cancel|reclaim|touch|set"
    r"|change)(?= )[^.;!?,:\n]{0,300}"
    rf"| (?:ne|n'|no|nunca) (?!apruebo|approuve |valido ){_VERB_ABROAD}(?= )[^.;!?,:\n]{{0,300}}"
    rf"| n'{_VERB_ABROAD}(?= )[^.;!?,:\n]{{0,300}}"
    rf"| (?:never mind|forget about|leave alone|under no circumstances|on no account|no need to"
    rf"|(?:nobody|no one) (?:should|may|must|shall)|(?:wait|hold|hold on) with)"
    rf"(?= )(?! wait(?:ing)? )[^.;!?,:\n]{{0,300}}"
)
NARRATED = re.compile(
    r"^ (?:(?:yesterday|earlier|today|recently|this morning|last (?:week|month|year|night)) ,? ?)?"
    r"(?:i|we|he|she|they|(?:my|our|the|a) \w+)(?: have| had|'ve| has)?(?: just| already| once"
    r"| also)? (?:posted|created|published|finali[sz]ed|released|approved|rejected|validated"
    r"|voted|disputed|staked|unstaked|withdrew|cancelled|canceled|reclaimed|applied|submitted"
    r"|delivered|earned|received)(?= )[^,;\n]{0,300}?(?= ?[,;\n]| so | but | please | now | $)"
)
# `Can I dispute a job?` wonders; `Can I apply to job 5?` asks, for it names one.
MAY_I = re.compile(
    r"^ (?:and |so |but |hi , |hello , )?(?:can|could|may|must|should|do|would)"
    r" (?:i|we|one|anyone|anybody|someone|somebody|agents?|validators?|a validator"
    r"|an agent)(?! have| get)(?= )"
    r"(?:(?!<ens>|<uri>|[0-9])[^\n]){1,600}\? $"
)
POLITE = re.compile(
    r" (?:(?:would|will) (?:you|u|ya|ye|y'all|<ens>|somebody|someone|anybody|anyone|one of you)"
    r"|(?:could|can|might|may) (?:you|u|ya|ye|y'all|<ens>|we|i|somebody|someone|anybody|anyone|one)"
    r"|(?:would|is|will) it (?:be )?(?:possible|ok|okay|alright|all right|fine|feasible)"
    r"|why (?:don't|not|dont)|would you mind|how about|please)(?= )(?! (?:\S+ ){0,2}?(?:tell"
    r"|explain|show|say|check|remind|see|know|get an?"
    r" (?:overview|quote|estimate)|help me understand|describe|estimate|confirm)\b)"
)
ASKS = re.compile(
    r" (?:would(?! (?:like|love|prefer))|how|what|what's|whats|when(?! you)|why|who|whose|which"
    r"|where|is|are|was|were|has"
    r"|have(?= (?:i|we|you|they) )|have(?= (?:my|the|job|all)[^.\n]{0,300}\?)|had|did|does"
    r"|do(?= (?:i|we|you|they|my|the(?! validation| pay\w+)))|will|should|shall|am"
    r"|could|can|combien|quel|quelle"
    r"|quels|quelles|pourquoi|quand|est"
    r"|qui|cuanto|cuanta|cuantos|cuantas|cual|cuales|que|donde|cuando|¿|por que|isn't|aren't"
    r"|doesn't|hasn't)(?= )"
)
WONDERS = re.compile(
    r" (?:how(?! about)|what|what's|whats|why(?! (?:don't|dont|not))|who|whose|which|where"
    r"|combien|quel|quelle|pourquoi|cuanto|cuanta|cual"
    r"|por que|qui|donde)(?= )"
)
INFORMS = re.compile(
    r" (?:please |kindly |(?:can|could|would|will) you (?:please |kindly )?|hey , |hi , |hello , )?"
    r"(?:tell (?:me|us)|show (?:me|us)|explain(?: to me)? (?:how|what|why|the)|describe how"
    r"|remind (?:me|us)|let (?:me|us) know|list (?:all|my|open|every|the|jobs)|what|i wonder|i'm"
    r" wondering"
    r"|(?:i'm |i am |we're |we are )?(?:just |only |quite )?(?:not sure|unsure|curious|wondering)"
    r"|(?:quick |one |a )?question :|(?:got )?any (?:idea|clue|news|word|update)s?"
    r"|check (?:the |my |on"
    r" )?(?:status|balance|whether|if)"
    r"|(?:i'm|i am|we're|we are|i was|we were|still|just)? ?(?:thinking (?:about|of)|considering"
    r"|debating|planning (?:on|to))"
    r"|(?:i|we) (?:haven't|have not|didn't|did not)(?: yet)? (?:decided|made up|chosen)"
    r"|(?:i|we) (?:remember|recall|enjoyed|regret|loved|hated|am undecided|are undecided)"
    r"|(?:i'd|i would|we'd|we would) (?:like|love) to (?:know|understand|see|hear)"
    r"|(?:i|we) (?:might|may)(?= )|maybe (?:i|we)|perhaps (?:i|we)|give me (?:the )?(?:status"
    r"|balance)|if (?:i|we) (?:post|stake|apply|submit|finali[sz]e|cancel|dispute|withdraw))(?= )"
)
_DID = (
    r"(?:posted|created|published|hired|applied|submitted|delivered|finali[sz]ed|released"
    r"|approved|rejected|validated|voted"
    r"|disputed|staked|unstaked|withdrew|withdrawn|cancelled|canceled|reclaimed|paid|put|got|had"
    r"|earned|received|offered|spent|raised|charged|lost)"
)
REPORTS = re.compile(
    r" (?:(?:he|she|they|alice|bob|someone|somebody) (?:said|says|told|asked|wants|want|will"
    r"|would|might|is going)"
    r"|(?:said|told me|told us|claims) (?:that |they |he |she ))(?= |\S)"
)
NARRATES = re.compile(
    rf" (?:(?:i|we|he|she|they|you|someone)(?: have| had| just| already| once| also|'ve)? {_DID}"
    rf"|(?:i've|we've|they've)(?: just| already)? {_DID}"
    r"|(?:cost|took|lasted|costed)(?= )|my (?:last|previous|first|old) (?:job|task|gig)"
    r"|it (?:went|was)|was (?:great|good|bad|fun|paid|posted|finished)|went (?:well|great|badly"
    r"|fine)|(?:last|yesterday)(?: \S+){0,2}? (?:i|we) )(?= |\S|$)"
)
INJECTED = re.compile(
    r" (?:(?:ignore|disregard|forget|override|bypass|violate)(?: \S+){0,4}? (?:instructions?"
    r"|rules|prompts?|guidelines|polic(?:y|ies)|limits|safeguards|guardrails|restrictions"
    r"|everything|above|previous|prior|foregoing|directives?|constraints)"
    r"|you are now|your (?:new |real |only )?(?:role|job|task|purpose|goal) is|(?:you are"
    r"|you're) (?:now )?(?:an? |the |my )?(?:\S+ )?(?:root|admin"
    r"|administrator|superuser|unrestricted)(?: now)?|< /? ?(?:system|assistant)"
    r"|(?:print|reveal|show|repeat|leak)(?: \S+){0,2}? (?:prompt|instructions)|from now on you"
    r"|repeat after me"
    r"|system prompt|(?:developer|god|debug|maintenance) mode|jailbreak|sudo|act as (?:root|system"
    r"|sudo)|(?:system|admin|security|policy|root) override|pretend (?:to be|that you|you)"
    r"|(?:output|print|reply|respond|return)(?: with)?(?: \S+)? exactly"
    r"|skip (?:the |all |any )?(?:validation|confirmation|approval|checks?|simulation|review)"
    r"|without (?:any |asking for |my )?(?:confirmation|approval|asking)"
    r"|(?:olvida|ignora|oublie|ignore)(?: \S+){0,4}? (?:instrucciones|reglas|consignes|regles)"
    r"|system :|assistant :|new instructions?)(?= )"
    r"|\{ (?:\" )?(?:intent|<q> :|tool|steps|plan)(?= )"
)
TRANSFERS = re.compile(
    r" (?:send|sending|transfer|transferring|wire|give|tip|donate|swap|buy|sell|bridge|mint|burn"
    r"|borrow|lend|exchange|(?<! i )(?<! we )(?<! to )(?<! will )(?<!'ll )(?<!'d )(?<! can )pay"
    r"|move|airdrop|gift|envia|transfiere|envoie|transfere|vire)"
    r"(?: me| him| her| them| us| all| my| the| our| another| about| over){0,3}(?:"
    r" (?:[0-9][0-9.,]*|\w+)(?: k| thousand| hundred)?)? (?:\$?agi(?:a|alpha)?|tokens|funds"
    r"|treasury|eth|usdc|coins|balance)"
    r"(?: to(?! whoever| anyone| anybody| someone| somebody| the (?:first|person|agent))| from"
    r"| for eth| for usdc| al?| para| a| $)"
    r"|(?<! the)(?<! our)(?<! a) (?:wire|donate|swap|buy|sell|bridge|mint|burn|borrow|lend|loan"
    r"|exchange|airdrop|gift|owes?"
    r"|transfer)(?: [^\s.;!?]+){0,4}? \$?agi\w*(?= )"
    r"| (?:pay|send|give|tip) (?!back |some|any|an? |out |the |about |only |around |is |was "
    r"|of )[a-z]\w* "
    r"[0-9][0-9.,]* \$?agi\w*(?! (?:to|for) )"
)
# `Check whether 3,000 rows add up, 95 AGI, 6 days` is work, `check whether I can stake` is not.
EXAMINES = re.compile(r" (?:please |kindly )?(?:check (?:whether|if)|explain|describe)(?= )")
IMPLIED = re.compile(
    r" (?:for(?: about| only| just)? \S+ \$?agi\w*|\$?agi\w* for (?:an?|some|the|our|my)"
    r"|pay(?:ing|s)?|reward|bounty|offer(?:ing)?"
    r"|budget|job|task|gig|asap|urgent(?:ly)?|needed|por \S+ agi\w*|pour \S+ agi\w*)(?= )"
)
NEEDED = re.compile(
    r" (?:(?:must|should|needs? to|has to|have to|ought to)(?: be)?|needs|needed|wanted"
    r"|required)(?= )"
)
STAKED = re.compile(
    r" (?:stake|bond|deposit|lock(?: up)?) (?:[0-9.,]+|\w+)(?: k)? \$?agi\w*"
    r"(?: as| for| in)(?: an?| the| my)? (?:agent|validator|platform)(?= )"
    r"| (?:my|the|our)(?: \S+)? stake(?= )"
)
STATES = re.compile(
    r" (?:the|my|our|his|her|its|their|i|we|you|he|she|it|they|this|that|there|these|those)(?= )"
    r"(?! (?:want|wanna|need|require|seek|wish|would|will|can|could|am|are|'d|offer|pay|have)(?= ))"
)
FINISHED = re.compile(
    r" (?:finished|done|ready|completed|complete|termine|terminado|listo)(?= )"
    r"[^\n]{0,200}? <uri>(?= )"
)
