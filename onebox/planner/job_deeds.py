"""How a job is asked to be posted, taken, delivered, judged and ended: patterns by deed."""

from onebox.planner.vocabulary import CANDIDACY, GAP, JOB, NO_WORK, SOME, deed, phrase

POST = phrase(
    rf"(?:post|posting|create|creating|publish|publishing|open|opening|launch|launching|advertise"
    r"|announce|crate|start|add|issue|put out|put up|set up|commission|make|publie[rsz]?|cree[rsz]?"
    r"|(?<!the )(?<!a )(?<!my )(?<!our )poste[rsz]?"
    r"|lance[rsz]?|ouvre|publica(?:r)?|publique|crear?|crea|abre|abrir|lanza|anuncia|publicar"
    r"|list(?= an? )"
    rf"|list(?= this )|list(?= (?:my|our) new )|listing(?= an? )){GAP} {JOB}(?! (?:#|id |no "
    r"|number |[0-9]+ (?:[.,;!?]|as|for|and|because|$)))",
    r"(?:submit|send in|file) (?:the |my |our |this )?(?:an? |new |following )(?:new )?"
    rf"{JOB}(?! (?:#|id |[0-9]))",
    rf"(?:put|list|publish|set|run|post)(?: \S+){{1,3}}? as (?:an? |the )?(?:new )?{JOB}",
    rf"put an? (?:new )?{JOB}",
    r"post (?:this|it|that|the following)",
    r"(?:for|to) (?:whoever|(?:anyone|anybody|someone|somebody) who|the first (?:person|agent))",
    rf"(?:hire|hiring|recruit|recruiting|wanted|looking for|seeking|(?:get|find) (?:me|us) {SOME}"
    r"|(?:get|find|engage|employ) (?:someone|somebody|an agent|a freelancer)"
    r"|(?:commission|outsource|procure|sponsor)(?: out)? (?:an?|the|our|some)"
    r"|contrata(?:r)?|embauche[rsz]?|recrute[rsz]?|busco|buscamos|necesito|necesitamos|cherche"
    r"|cherchons)",
    rf"(?<!longer )(?:need|needs|want|require|seek|needed)(?: \S+)? {SOME}"
    r"(?! (?:\S+ )?(?:dispute|refund|payout|withdrawal|vote|stake|value|of) )",
    r"(?<!\S )(?:someone|somebody|anyone|anybody|an agent) (?:to|who)",
    r"(?<!longer )(?<!not )needed(?= (?:by|within|in|before|until|,|for|:|-|$))",
    r"new (?:job|task|gig|bounty|mission)(?! (?:#|id ))",
    r"(?:nuevo trabajo|nueva tarea|nouvelle mission|nouveau job)",
    rf"(?<!good )(?<!great )(?<!nice )(?<!well )(?<!lovely )(?<!amazing ){JOB} [:!](?! [0-9])",
    r"(?:job|task|gig|bounty|mission) (?:offer|opening|posting) ",
    r"(?<=^ )(?:job|task|gig|bounty|mission)(?=  \. [^\n]{0,400}? (?:title|reward\w*|budget|pay) )",
    r"(?:required|sought|requested) :(?= (?:an?|some|one) )",
)
APPLY = deed(
    r"(?:apply|applies|applying|applications? (?:for|to|on|:)|applicants?|candidates? (?:for|on))",
    r"sign (?:\S+ ){1,3}up (?:for|to|on)",
    r"sign up (?:\S+ ){0,3}?(?:for|to|on)",
    r"(?:be considered|consider (?:me|us|<ens>)) for",
    rf"(?:take on|take up|claim|pick up|bid (?:on|for)|volunteer for|(?<![\w'] )work on"
    r"(?!(?: \S+){1,4}? (?:is|was|has|finished|done|completed?) )"
    rf"|(?:to|i'll|we'll|will|can|let me|let us|please|wanna|gonna) work on)(?: \S+){{0,3}}?"
    rf" (?:{JOB}|#)",
    rf"(?:i|we|i'll|we'll|i'd|we'd) (?:want|take|would (?:like|love)|will take|like|love|fancy|do"
    rf"|accept(?!(?: \S+){{1,4}} validator))"
    rf" (?:to (?:do|take|have|get) )?(?:{JOB} )?(?:(?:#|no|nr|id|number|\.) ?){{0,2}}[0-9]+"
    r"(?= (?:[.,;!()]|as|and|with|using|from|please|now|$))",
    r"(?:enter|nominate|propose|book|throw|pencil) (?:me|us|<ens>|my \S+)(?: in| up| down)?"
    r"(?: for| on|$)",
    rf"(?:submit|send|file|hand in|put in|make)(?: \S+){{0,2}} {CANDIDACY}",
    rf"take (?:that |this |the )?{JOB}",
    r"put (?:(?!<uri>)\S+ ){1,4}(?:forward|down|in) (?:for|as)(?! an? (?:yes|no|nay|yea|aye"
    r"|vote) )",
    r"(?:enrol|enroll|register) (?:(?!approval|vote|rejection|verdict"
    r"|validation)\S+ ){0,4}?(?:for|on|as an? applicant)",
    r"(?:inscri\w*|postul\w*|candidat\w*|solicit(?:o|a|ar|amos|e)|me apunto|aplic(?:o|ar|a))",
    r"(?:count me in|volunteer (?:me|us|<ens>) (?:for|on))",
)
SUBMIT = phrase(
    rf"(?:(?:submit|submits|submitting)(?!(?: \S+){{0,2}} (?:{CANDIDACY}|{NO_WORK}) )"
    r"|(?<!no )(?<!any )(?<!without )(?<!the )(?<! a )(?<! s )submission"
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
FINALIZE = deed(
    r"(?:can|should|may|must|needs to|has to)(?: now)? be (?:finali[sz]ed|paid out|settled|closed)",
    r"(?:finali[sz]e[rsz]?|finali[sz]ing|(?<! the )finali[sz]ation"
    r"|finalizar|finaliza|finalice|finalizo|finalisons)",
    r"(?:release|trigger|make|issue|process|settle|approve|send|authori[sz]e|do|complete) (?:\S+"
    r" ){0,3}?"
    r"(?:payout|payment)",
    r"(?:release|pay out|disburse) (?:\S+ ){0,3}?(?:escrow|reward|funds|money|agent|worker)",
    r"(?:escrow|reward|funds|money|payment|payout) (?:can |may |should "
    r"|must )?go(?:es)? to (?:the |my |our )?"
    r"(?:agent|worker|freelancer|contractor)",
    r"(?:pay(?:ing)? out|payout|pay (?:the|my|our) (?:agent|worker|freelancer|contractor))",
    r"(?:payout|payment|reward|escrow|agent)(?: [^\s.;!?]+){0,4}? (?:should|must|needs? to"
    r"|has to|can|may) be"
    r" (?:released|sent|made|paid)",
    rf"(?:close|close out|settle|wrap up|conclude)(?: \S+){{0,3}}? (?:{JOB}|#)",
    r"(?:cierra|cerrar|liquida\w*|cloture[rsz]?|cloturer|libera (?:el )?pago|termine[rsz]? l[ae])",
)
VALIDATE = deed(
    r"(?:validates?|validating|approves?|approving|approval|rejects?|rejecting|disapproves?"
    r"|veto)",
    r"(?:vote|voting|verdict|lgtm|👍|👎|✅|❌|thumbs (?:up|down))",
    r"\+ 1(?= (?:on|for|to|from))",
    r"my (?:answer|decision|call|take) (?:on|for|about)",
    r"(?:decline|deny|turn down|refuse) (?:\S+ ){0,5}?(?:submission|work|result|deliverable)",
    r"(?:put|count|mark|note|record) (?:me|us) (?:down )?as an? (?:yes|no|nay|yea|aye|vote)",
    r"suis (?:pour|contre)",
    r"(?:gets? an? (?:yes|no|pass)|an? (?:yes|no) from (?:me|us))",
    rf"(?:should|must|can) be (?:approved|rejected)|validation (?:of|for|on) {JOB}",
    r"(?:do|perform|run|start|cast|submit|register|record|enter|give|send) (?:the |a |my |our )?"
    r"(?:validation|review|approval|rejection) (?:of|for|on)",
    rf"{JOB} (?:# ?)?[0-9]+ (?:: |- |, )?(?:approved|rejected|valid|invalid)(?= (?:[.,!]|as|$))",
    r"(?:aprueb\w*|aprobar|rechaz(?:o|a|ar|amos|ad)|rechace|valid(?:o|a|ar|amos|e|er|ez|ons)|voto"
    r"|votar)",
    r"(?:approuve[rsz]?|rejette[rsz]?|rejeter|refuse[rz]?)",
)
DISPUTE = deed(
    r"(?:dispute|disputing|contest|contesting|challenge|challenging|appeal|appealing|object to)",
    r"(?:disput(?:a|o|ar|as)|impugn\w*|conteste[rsz]?|contester|litige|reclamo contra)",
)
