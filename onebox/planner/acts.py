"""The phrases by which kinds are told, over `Reading.plain` (folded tokens, one space each).

Every repetition is bounded, so that no text makes a pattern slow.
"""

import re

from onebox.models import IntentKind

_JOB = (
    r"(?:jobs?|tasks?|gigs?|bount(?:y|ies)|missions?|listing|posting|trabajos?|tareas?|encargo"
    r"|empleo|tache|travail|emploi|offre)"
)
_GAP = (
    r"(?: (?!disput|litig|application|submission|vote|stake|dispute|against|escrow|claim|appeal"
    r"|payout|[.;!?\n])\S+){0,5}?"
)
# What one submits that is no work: a vote, a complaint, a job of one's own.
_ENDS = r"(?= (?:of|for|on|to|about|against|as|from|with|by|in|now|please|:|[.;!?])(?= )| ?$)"
_NO_WORK = (
    rf"(?:(?:validation|vote|verdict|review|approval|rejection|dispute|appeal|request){_ENDS}"
    r"|(?:an?|new|following|this) (?:new )?(?:job|task|gig|bounty|mission))"
)
_CANDIDACY = rf"(?:application|bid|candidacy){_ENDS}"
_THING = (
    r" (?:pages?|buttons?|flows?|guides?|tools?|apps?|templates?|modules?|polic(?:y|ies)|checklists?"
    r"|features?|letters?|functions?|screens?|scripts?|bots?|logic|calculators?|forms?)(?= )"
)
_A = r"(?:an?|some|someone|somebody|another|one|two|three|help|people|un|una|une|alguien|quelqu'un)"


def _phrase(*alternatives: str) -> re.Pattern[str]:
    return re.compile(r" (?:" + "|".join(alternatives) + r")(?= )")


def _deed(*alternatives: str) -> re.Pattern[str]:
    """As `_phrase`, but not where the deed is only what a thing is for: `the reclaim page`."""
    return re.compile(r" (?:" + "|".join(alternatives) + rf")(?= )(?!{_THING})")


_POST = _phrase(
    rf"(?:post|posting|create|creating|publish|publishing|open|opening|launch|launching|advertise"
    r"|announce|crate|start|add|issue|put out|put up|set up|commission|make|publie[rsz]?|cree[rsz]?"
    r"|(?<!the )(?<!a )(?<!my )(?<!our )poste[rsz]?"
    r"|lance[rsz]?|ouvre|publica(?:r)?|publique|crear?|crea|abre|abrir|lanza|anuncia|publicar"
    r"|list(?= an? )"
    rf"|list(?= this )|list(?= (?:my|our) new )|listing(?= an? )){_GAP} {_JOB}(?! (?:#|id |no "
    r"|number |[0-9]+ (?:[.,;!?]|as|for|and|because|$)))",
    r"(?:submit|send in|file) (?:the |my |our |this )?(?:an? |new |following )(?:new )?"
    rf"{_JOB}(?! (?:#|id |[0-9]))",
    rf"(?:put|list|publish|set|run|post)(?: \S+){{1,3}}? as (?:an? |the )?(?:new )?{_JOB}",
    rf"put an? (?:new )?{_JOB}",
    r"post (?:this|it|that|the following)",
    r"(?:for|to) (?:whoever|(?:anyone|anybody|someone|somebody) who|the first (?:person|agent))",
    rf"(?:hire|hiring|recruit|recruiting|wanted|looking for|seeking|(?:get|find) (?:me|us) {_A}"
    r"|(?:get|find|engage|employ) (?:someone|somebody|an agent|a freelancer)"
    r"|(?:commission|outsource|procure|sponsor)(?: out)? (?:an?|the|our|some)"
    r"|contrata(?:r)?|embauche[rsz]?|recrute[rsz]?|busco|buscamos|necesito|necesitamos|cherche"
    r"|cherchons)",
    rf"(?<!longer )(?:need|needs|want|require|seek|needed)(?: \S+)? {_A}"
    r"(?! (?:\S+ )?(?:dispute|refund|payout|withdrawal|vote|stake|value|of) )",
    r"(?<!\S )(?:someone|somebody|anyone|anybody|an agent) (?:to|who)",
    r"(?<!longer )(?<!not )needed(?= (?:by|within|in|before|until|,|for|:|-|$))",
    r"new (?:job|task|gig|bounty|mission)(?! (?:#|id ))",
    r"(?:nuevo trabajo|nueva tarea|nouvelle mission|nouveau job)",
    rf"(?<!good )(?<!great )(?<!nice )(?<!well )(?<!lovely )(?<!amazing ){_JOB} [:!](?! [0-9])",
    r"(?:job|task|gig|bounty|mission) (?:offer|opening|posting) ",
)
_APPLY = _deed(
    r"(?:apply|applies|applying|applications? (?:for|to|on)|applicant|candidate (?:for|on))",
    r"sign (?:\S+ ){1,3}up (?:for|to|on)",
    r"sign up (?:\S+ ){0,3}?(?:for|to|on)",
    r"(?:be considered|consider (?:me|us|<ens>)) for",
    rf"(?:take on|take up|claim|pick up|bid (?:on|for)|volunteer for|(?<![\w'] )work on"
    rf"|(?:to|i'll|we'll|will|can|let me|let us|please|wanna|gonna) work on)(?: \S+){{0,3}}?"
    rf" (?:{_JOB}|#)",
    rf"(?:i|we|i'll|we'll|i'd|we'd) (?:want|take|would (?:like|love)|will take|like|love|do|accept(?!(?: \S+){{1,4}} validator))"
    rf" (?:to (?:do|take|have|get) )?(?:{_JOB} )?(?:(?:#|no|nr|id|number|\.) ?){{0,2}}[0-9]+"
    r"(?= (?:[.,;!()]|as|and|with|using|from|please|now|$))",
    r"(?:enter|nominate|propose|book|throw|pencil) (?:me|us|<ens>|my \S+)(?: in| up| down)?"
    r"(?: for| on|$)",
    rf"(?:submit|send|file|hand in|put in|make)(?: \S+){{0,2}} {_CANDIDACY}",
    rf"take (?:that |this |the )?{_JOB}",
    r"put (?:(?!<uri>)\S+ ){1,4}(?:forward|down|in) (?:for|as)",
    r"(?:enrol|enroll|register) (?:(?!approval|vote|rejection|verdict|validation)\S+ ){0,4}?(?:for|on|as an? applicant)",
    r"(?:inscri\w*|postul\w*|candidat\w*|solicit(?:o|a|ar|amos|e)|me apunto|aplic(?:o|ar|a))",
    r"(?:count me in|volunteer (?:me|us|<ens>) (?:for|on))",
)
_SUBMIT = _phrase(
    rf"(?:(?:submit|submits|submitting)(?!(?: \S+){{0,2}} (?:{_CANDIDACY}|{_NO_WORK}) )"
    r"|(?<!no )(?<!any )(?<!without )(?<!the )(?<! a )submission"
    r"|(?<!failed to )(?<!unable to )(?<!not )(?<!never )(?<!didn't )deliver|delivers|delivering"
    r"|(?:hand|hands|handing|turn|turns|turning) (?:it |this |that |my work )?in)",
    r"accept (?:my|our|this)(?: \S+)? (?:delivery|submission|work|results?|deliverable|files?)",
    r"(?:send|put|enter|file) (?:\S+ ){1,5}?in(?= (?:as|for|to))",
    r"as (?:the |my |our )?(?:result|deliverable)(?: of| for)?",
    r"here (?:is|are|'s) (?:my|the|our)(?: \S+){0,3}? (?:result|results|work|deliverable|output"
    r"|files?)",
    r"here's (?:my|the|our)(?: \S+){0,3}? (?:result|results|work|deliverable|output|files?)",
    r"(?:entreg(?:a|o|ar|amos|ue|ando)|envi(?:o|a|ar) (?:el|mi) (?:resultado|trabajo))",
    r"(?:livre[rz]?|livrer|soumet\w*|soumis|rends?|remets|depose (?:le|mon) (?:resultat|travail))",
    r"(?:upload|uploading|file) (?:\S+ ){0,4}?(?:result|deliverable|work)",
)
_FINALIZE = _deed(
    r"(?:can|should|may|must|needs to|has to)(?: now)? be (?:finali[sz]ed|paid out|settled|closed)",
    r"(?:finali[sz]e[rsz]?|finali[sz]ing|(?<! the )finali[sz]ation"
    r"|finalizar|finaliza|finalice|finalizo|finalisons)",
    r"(?:release|trigger|make|issue|process|settle|approve|send|authori[sz]e|do|complete) (?:\S+"
    r" ){0,3}?"
    r"(?:payout|payment)",
    r"(?:release|pay out|disburse) (?:\S+ ){0,3}?(?:escrow|reward|funds|money|agent|worker)",
    r"(?:pay(?:ing)? out|payout|pay (?:the|my|our) (?:agent|worker|freelancer|contractor))",
    r"(?:payout|payment|reward|escrow|agent)(?: [^\s.;!?]+){0,4}? (?:should|must|needs? to|has to|can|may) be"
    r" (?:released|sent|made|paid)",
    rf"(?:close|close out|settle|wrap up|conclude)(?: \S+){{0,3}}? (?:{_JOB}|#)",
    r"(?:cierra|cerrar|liquida\w*|cloture[rsz]?|cloturer|libera (?:el )?pago|termine[rsz]? l[ae])",
)
_VALIDATE = _deed(
    r"(?:validates?|validating|approves?|approving|approval|rejects?|rejecting|disapproves?"
    r"|veto)",
    r"(?:vote|voting|verdict|lgtm|👍|👎|✅|❌|thumbs (?:up|down))",
    r"\+ 1(?= (?:on|for|to|from))",
    r"my (?:answer|decision|call|take) (?:on|for|about)",
    r"suis (?:pour|contre)",
    r"(?:gets? an? (?:yes|no|pass)|an? (?:yes|no) from (?:me|us))",
    rf"(?:should|must|can) be (?:approved|rejected)|validation (?:of|for|on) {_JOB}",
    r"(?:do|perform|run|start|cast|submit|register|record|enter|give|send) (?:the |a |my |our )?"
    r"(?:validation|review|approval|rejection) (?:of|for|on)",
    rf"{_JOB} (?:# ?)?[0-9]+ (?:: |- |, )?(?:approved|rejected|valid|invalid)(?= (?:[.,!]|as|$))",
    r"(?:aprueb\w*|aprobar|rechaz(?:o|a|ar|amos|ad)|rechace|valid(?:o|a|ar|amos|e|er|ez|ons)|voto"
    r"|votar)",
    r"(?:approuve[rsz]?|rejette[rsz]?|rejeter|refuse[rz]?)",
)
_ACCEPT = _phrase(
    rf"accept(?:s|ing)?(?: (?!outcome|decision|verdict)\S+){{0,3}}? (?:work|result|submission"
    rf"|deliverable|{_JOB})",
    r"(?:greenlights?|green light|green - light|sign off|signing off|endorse|deny|denied|decline"
    r"|turn down|refuse|confirm|pass|passes|fail|fails|flunk|okay|thumb)",
    r"in favou?r of|sides? with",
    r"(?:looks|look|seems) (?:good|fine|great|ok|okay|bad|wrong|poor)",
    r"(?:yes|no|yep|nope|yea|nay|aye|pass|fail) ,? ?(?:from|on|to|for) (?:me|us|my|#|jobs?|tasks?)",
    r"(?:meets?|passes|fails?|satisf\w+)(?: \S+){0,3}? (?:spec\w*|requirements?|review|criteria|bar"
    r"|standards?|check|checks)",
)
_RESULT = _phrase(
    r"(?:my|our|the)(?: \S+)? (?:result|results|deliverable|output|work)(?: for \S+(?: # )?\S*)?"
    r" (?:is|are|:|at)",
)
_INTERESTED = _phrase(
    r"(?:wants? in|count \S+ in)",
    r"(?:interested in|keen on|up for|put me on|put me in|put down|i'm in(?! favou?r)|count us in|assign me|give me"
    r"|available for|go for|going for|join|joining|opt in|bid|bidding|tender|sign|hat in|hand up"
    r"|(?:glad|happy|delighted|ready|willing|pleased|love|keen|able) to (?:do|take|work|help|accept)"
    r"|would take|i'll do|we'll do|can do|able to do|happy to do|like to do|want to do|assign)",
)
_CONCLUDE = _phrase(
    rf"(?:mark|flag|declare|record|call|set)(?: \S+){{0,2}}? (?:{_JOB}"
    rf"|#)(?: \S+){{0,4}}? (?:complete"
    r"|completed|done|finished|success\w*|fail\w*|unsuccess\w*|closed|paid)",
    rf"(?:finish|end|complete|pay for|pay)(?: (?:up|off|out))?(?: \S+){{0,2}}? (?:{_JOB}|#)",
)
_DROP = _phrase(
    rf"(?:axe|nix|void|terminate|rescind|abandon|discard|shut down|withdraw|end|dump|bin)"
    rf"(?: \S+){{0,3}}? (?:{_JOB}|#)",
    r"(?:no longer|not) (?:needed|required|wanted|necessary|relevant)",
)
_OBJECT = _phrase(
    r"(?:complain|complaint|escalate|arbitration|arbitrate|disagree|object|protest|unfair)",
)
_DISPUTE = _deed(
    r"(?:dispute|disputing|contest|contesting|challenge|challenging|appeal|appealing|object to)",
    r"(?:disput(?:a|o|ar|as)|impugn\w*|conteste[rsz]?|contester|litige|reclamo contra)",
)
_WITHDRAW = _deed(
    r"(?:unstake|unstaking|destake|unbond|unbonding|debond)",
    r"(?:unlock|redeem|release|free)(?: \S+){0,3}? (?:staked|tokens|\$?agi\w*)(?! (?:to|for"
    r"|of job))",
    rf"(?:withdraw|withdrawing|withdrawn|withdrawal)(?!(?: \S+){{0,3}}? (?:{_JOB}|application"
    rf"|listing|dispute|vote))",
    r"(?:take|pull|get|give|gimme|send|move|cash|bring|free|release|unlock|return|remove)(?: \S+){0,8}?"
    r"(?<! to) (?:staked|stake|staking|bonded|bond)(?! (?:of|for) )",
    r"(?:want|have|give|like|need)(?: \S+){0,8}?(?<! to) (?:staked|stake|staking|bonded|bond)"
    r"(?: \S+){0,2} back",
    r"(?:want|have|give|gimme|get|like|need|take|bring|return)(?: \S+){0,6}? back (?:from|of|out of|off)"
    r"(?: \S+){0,3}? (?:staked|stake|staking|bonded|bond)",
    r"(?:stake|bond)(?: (?:should|must|needs? to|has to|is to) be| be| gets?)? (?:taken out|unlocked"
    r"|released|returned|paid back|paid out|sent back|moved out|pulled)",
    r"\$?agi\w* (?:out of|from|off)(?: (?:my|the|our))?(?: \S+)? (?:stake|bond)",
    r"(?:give|send|get|take|pay|bring|hand)(?: \S+){0,2}? back(?: \S+){0,4}? (?:stake|staked|bond)",
    r"(?:lower|reduce|decrease|cut|shrink)(?: \S+){0,4} (?:stake|staking|bond)",
    r"(?:retir(?:a|o|ar|e|er|ez|es)|saca|sacar|desbloque\w*|debloque\w*)(?!(?: \S+){0,3}?"
    r" (?:trabajo|mission|job|tarea))",
)
_STAKE = _deed(
    r"(?<!my )(?<!the )(?<!our )(?<!your )(?<!agent )(?<!validator )(?<!platform )(?<!of"
    r" )(?<!from )(?<!minimum )(?<!maximum )(?<!min )(?<!max )"
    r"(?:stake|staking)",
    r"(?:lock|locking|lock up|bond|bonding|deposit|depositing|pledge|post) (?:up )?(?:\S+ ){0,6}?"
    r"(?:\$?agi\w*|<currency>|stake|tokens|collateral)(?= )",
    r"(?:add|adding|put|set aside|earmark|reserve|increase|raise|top up|topping up|boost"
    r"|contribute|move|put up|place)(?: \S+){0,12}? (?:stake|staking|bond|collateral)",
    r"(?:put|commit|park|allocate|place|move|assign|use|back)(?: \S+){0,3}? \$?agi\w*(?: \S+){0,3}?"
    r" (?:as|for|into|in|behind|towards?) (?:an? |the |my |our )?(?:agents?|validators?|platform)",
    r"\$?agi\w* (?:into|to|in|on|towards)(?: (?:my|the|our))?(?: \S+)? (?:stake|bond)",
    r"\$?agi\w* (?:as|for)(?: \S+){0,2}? (?:stake|bond|collateral)",
    r"(?:to be|be) staked",
    r"(?:verrouill\w*|immobilis\w*|staker|staque|mise[rz]|mise(?= [0-9])|hacer stake|deposit(?:a"
    r"|ar|o|e|er)|depose[rz]?(?! (?:le|mon|ma|la|notre) (?:resultat|travail|fichier|rendu))"
    r"|bloque(?:a|ar|o|r|er|ez)?|ap(?:o|ue)st(?:ar|a|o|e))",
)
_CANCEL = _deed(
    r"call (?:\S+ ){1,5}?off",
    r"(?:cancel|cancelling|canceling|call off|abort)(?!(?: \S+){0,2}? (?:stake|application"
    r"|vote|dispute|submission|withdrawal|run|plan))",
    rf"{_JOB}(?: [^\s.;!?]+){{0,4}}? (?:should|must|needs? to|has to) (?:be (?:removed|taken down"
    r"|taken off|deleted|pulled|dropped|withdrawn)|go|come down)",
    rf"take (?:\S+ ){{0,4}}?(?:{_JOB}|post|it|ad|advert)(?: (?:# )?[0-9]+)? (?:off|down|back"
    rf"|offline)",
    r"take (?:down|off|back) (?:\S+ ){0,4}?(?:job|task|gig|bounty|listing|post|posting|ad)",
    rf"(?:delist|unlist|unpublish|retract|pull|remove|delete|scrap|drop|revoke|withdraw"
    rf"|withdrawing|kill|undo|close down)"
    rf"(?: \S+){{0,4}}? (?:{_JOB}|listing|posting|post|advert)",
    rf"(?:suprim\w*|elimina\w*|borra\w*|quita\w*)(?: \S+){{0,3}}? {_JOB}",
    r"(?:annule[rsz]?|anula\w*|cancela\w*|cancele|supprime[rsz]?)",
    r"retir(?:a|ar|e|er|ez|o)(?: \S+){0,3}? (?:trabajo|mission|job|tarea|offre)",
)
_RECLAIM = _deed(
    r"(?:reclaim|reclaiming|refund|refunding|recoup)",
    r"(?:bring|take|get)(?: \S+){0,3}? home(?: \S+){0,3}? (?:escrow|money|funds|reward)",
    r"(?:get|take|bring|claim|want|have|give|gimme|send|return|pull|need|like|return|hand)(?: \S+){0,6}?"
    r" (?:escrow|escrowed|reward|money|funds|tokens|agi\w*|deposit|it|payment)(?: \S+){0,8}? back",
    r"(?:get|take|bring|claim|give|send|want) (?:\S+ )?back (?:\S+ ){0,4}?(?:escrow|escrowed"
    r"|reward|money|funds|tokens|agi\w*)",
    r"(?:recover|retrieve|return|claim|unlock|free)(?: \S+){0,3}? (?:escrow|escrowed)",
    r"(?:recover|retrieve|return)(?: \S+){0,3}? (?:reward|money|funds|deposit|bounty|tokens)",
    r"release (?:my|our)(?: \S+){0,2}? (?:escrow|escrowed)",
    r"(?:escrow|funds|money)(?: [^\s.;!?]+){0,6}? (?:should|must|needs? to|has to) (?:be returned"
    r"|be refunded|be sent back|come home)",
    r"(?:escrow|money|funds|reward)(?: [^\s.;!?]+){0,8}? back",
    r"(?:recuper\w*|reembols\w*|rembours\w*|devuelv\w*|devolver)",
)
_ADMIN = _phrase(
    r"(?:set|change|update|configure|adjust|raise|lower|increase|decrease|reduce|switch|fija"
    r"|bump|modify|edit|define|point|turn|toggle|flip|assign|make|put|alter|replace|reset"
    r"|enable|disable"
    r"|cambia|configura|regle|definis)(?! up )",
    r"(?:admin|config|configuration|settings?|governance|parameters?) :",
    r"(?:should|must|shall) (?:be|become)|(?:needs|gets|wants) a new value",
    r"let(?= \S+ be )",
    r"(?:governance|admin) (?:action|change|setting|update)",
)

# What makes `set` or `change` a deed of governance.
SETTING = _phrase(
    r"(?:parameter|setting|config|configuration|key|admin|governance|parametro)",
    r"(?:(?:minimum|maximum) \S+|fee|quorum|threshold)",
    r"(?:set|change|update|configure|adjust|reset) (?!it |this |that |them |me |us |my |our |stake "
    r"|reward |deadline |price |jobs? )[a-z]\w* (?:to|as|=) \S+",
)

Acts = tuple[tuple[IntentKind, re.Pattern[str]], ...]
# Order matters only where two begin at the same place.
ACTS: Acts = (
    (IntentKind.CANCEL, _CANCEL),
    (IntentKind.WITHDRAW, _WITHDRAW),
    (IntentKind.RECLAIM, _RECLAIM),
    (IntentKind.POST_JOB, _POST),
    (IntentKind.FINALIZE, _FINALIZE),
    (IntentKind.STAKE, _STAKE),
    (IntentKind.APPLY, _APPLY),
    (IntentKind.DISPUTE, _DISPUTE),
    (IntentKind.SUBMIT, _SUBMIT),
    (IntentKind.VALIDATE, _VALIDATE),
    (IntentKind.ADMIN_SET, _ADMIN),
)

# What counts only where no act is named.
HINTS: Acts = (
    (IntentKind.FINALIZE, _CONCLUDE),
    (IntentKind.VALIDATE, _ACCEPT),
    (IntentKind.CANCEL, _DROP),
    (IntentKind.DISPUTE, _OBJECT),
    (IntentKind.APPLY, _INTERESTED),
    (IntentKind.SUBMIT, _RESULT),
)
