"""How stakes, escrow and settings are asked to be moved: patterns by deed."""

from onebox.planner.vocabulary import JOB, deed, phrase

WITHDRAW = deed(
    r"(?:unstake|unstaking|destake|unbond|unbonding|debond)",
    r"(?:unlock|redeem|release|free)(?: \S+){0,3}? (?:staked|tokens|\$?agi\w*)(?! (?:to|for"
    r"|of job))",
    rf"(?:withdraw|withdrawing|withdrawn|withdrawal)(?!(?: \S+){{0,3}}? (?:{JOB}|application"
    rf"|listing|dispute|vote))",
    r"(?:take|pull|get|give|gimme|send|move|cash|bring|free|release|unlock|return"
    r"|remove)(?: \S+){0,8}?"
    r"(?<! to) (?:staked|stake|staking|bonded|bond)(?! (?:of|for) )",
    r"(?:want|have|give|like|need)(?: \S+){0,8}?(?<! to) (?:staked|stake|staking|bonded|bond)"
    r"(?: \S+){0,2} back",
    r"(?:want|have|give|gimme|get|like|need|take|bring|return)(?: \S+){0,6}? back (?:from|of"
    r"|out of|off)"
    r"(?: \S+){0,3}? (?:staked|stake|staking|bonded|bond)",
    r"(?:stake|bond)(?: (?:should|must|needs? to|has to|is to) be| be| gets?)? (?:taken out"
    r"|unlocked"
    r"|released|returned|paid back|paid out|sent back|moved out|pulled|reduced|lowered|decreased)",
    r"(?:stake|bond) (?:should|must|needs? to|has to|is to) (?:come|go) (?:out|back|home)",
    r"\$?agi\w* (?:out of|from|off)(?: (?:my|the|our))?(?: \S+)? (?:stake|bond)",
    r"(?:give|send|get|take|pay|bring|hand)(?: \S+){0,2}? back(?: \S+){0,4}? (?:stake|staked|bond)",
    r"(?:lower|reduce|decrease|cut|shrink)(?: \S+){0,4} (?:stake|staking|bond)",
    r"(?:retir(?:a|o|ar|e|er|ez|es)|saca|sacar|desbloque\w*|debloque\w*)(?!(?: \S+){0,3}?"
    r" (?:trabajo|mission|job|tarea))",
)
STAKE = deed(
    r"(?<!my )(?<!the )(?<!our )(?<!your )(?<!agent )(?<!validator )(?<!platform )(?<!of"
    r" )(?<!from )(?<!minimum )(?<!maximum )(?<!min )(?<!max )"
    r"(?:stake|staking)",
    r"(?:agent|validator|platform) stake(?= [:=] (?:\$?agi\w* )?[0-9])",
    r"(?:lock|locking|lock up|bond|bonding|deposit|depositing|pledge|post) (?:up )?(?:\S+ ){0,6}?"
    r"(?:\$?agi\w*|<currency>|stake|tokens|collateral)(?= )",
    r"(?:add|adding|put|set aside|earmark|reserve|increase|raise|top up|topping up|boost"
    r"|contribute|move|put up|place)(?: \S+){0,12}? (?:stake|staking|bond|collateral)",
    r"(?:put|commit|park|allocate|place|move|assign|use|back)(?: \S+){0,6}? \$?agi\w*(?: \S+){0,3}?"
    r" (?:as|for|into|in|behind|towards?) (?:an? |the |my |our )?(?:agents?|validators?|platform)",
    r"\$?agi\w* (?:into|to|in|on|towards)(?: (?:my|the|our))?(?: \S+)? (?:stake|bond)",
    r"\$?agi\w* (?:as|for)(?: \S+){0,2}? (?:stake|bond|collateral)",
    r"(?:to be|be) staked",
    r"(?:verrouill\w*|immobilis\w*|staker|staque|mise[rz]|mise(?= [0-9])|hacer stake|deposit(?:a"
    r"|ar|o|e|er)|depose[rz]?(?! (?:le|mon|ma|la|notre) (?:resultat|travail|fichier|rendu))"
    r"|bloque(?:a|ar|o|r|er|ez)?|ap(?:o|ue)st(?:ar|a|o|e))",
)
CANCEL = deed(
    r"call (?:\S+ ){1,5}?off",
    r"(?:cancel|cancelling|canceling|call off|abort)(?!(?: \S+){0,2}? (?:stake|application"
    r"|vote|dispute|submission|withdrawal|run|plan))",
    rf"{JOB}(?: [^\s.;!?]+){{0,4}}? (?:should|must|needs? to|has to) (?:be (?:removed|taken down"
    r"|taken off|deleted|pulled|dropped|withdrawn)|go|come down)",
    rf"take (?:\S+ ){{0,4}}?(?:{JOB}|post|it|ad|advert)(?: (?:# )?[0-9]+)? (?:off|down|back"
    rf"|offline)",
    r"take (?:down|off|back) (?:\S+ ){0,4}?(?:job|task|gig|bounty|listing|post|posting|ad)",
    rf"(?:delist|unlist|unpublish|retract|pull|remove|delete|scrap|drop|revoke|withdraw"
    rf"|withdrawing|kill|undo|close down)"
    rf"(?: \S+){{0,4}}? (?:{JOB}|listing|posting|post|advert)",
    rf"(?:suprim\w*|elimina\w*|borra\w*|quita\w*)(?: \S+){{0,3}}? {JOB}",
    r"(?:annule[rsz]?|anula\w*|cancela\w*|cancele|supprime[rsz]?)",
    r"retir(?:a|ar|e|er|ez|o)(?: \S+){0,3}? (?:trabajo|mission|job|tarea|offre)",
)
RECLAIM = deed(
    r"(?:reclaim|reclaiming|refund|refunding|recoup)",
    r"(?:bring|take|get)(?: \S+){0,3}? home(?: \S+){0,3}? (?:escrow|money|funds|reward)",
    r"(?:get|take|bring|claim|want|have|give|gimme|send|return|pull|need|like|return"
    r"|hand)(?: \S+){0,6}?"
    r" (?:escrow|escrowed|reward|money|funds|tokens|agi\w*|deposit|it|payment)(?: \S+){0,8}? back",
    r"(?:get|take|bring|claim|give|send|want) (?:\S+ )?back (?:\S+ ){0,4}?(?:escrow|escrowed"
    r"|reward|money|funds|tokens|agi\w*)",
    r"(?:recover|retrieve|return|claim|unlock|free)(?: \S+){0,3}? (?:escrow|escrowed)",
    r"(?:recover|retrieve|return)(?: \S+){0,3}? (?:reward|money|funds|deposit|bounty|tokens)",
    r"release (?:my|our)(?: \S+){0,2}? (?:escrow|escrowed)",
    r"(?:escrow|funds|money)(?: [^\s.;!?]+){0,6}? (?:should|must|needs? to|has to) (?:be returned"
    r"|be refunded|be sent back|come home)",
    r"(?:escrow|money|funds|reward)(?: [^\s.;!?]+){0,8}? (?:back"
    r"|(?<! was )(?<! were )(?<! been )(?<! got )(?<! is )(?<! are )returned)",
    r"(?:recuper\w*|reembols\w*|rembours\w*|devuelv\w*|devolver)",
)
ADMIN = phrase(
    r"(?:set|change|update|configure|adjust|raise|lower|increase|decrease|reduce|switch|fija"
    r"|bump|modify|edit|define|point|turn|toggle|flip|assign|make|put|move|bring|alter|replace"
    r"|reset"
    r"|enable|disable"
    r"|cambia|configura|regle|definis)(?! up )",
    r"(?:admin|config|configuration|settings?|governance|parameters?) :",
    r"(?:should|must|shall) (?:be|become)|(?:needs|gets|wants) a new value",
    r"let(?= \S+ be )",
    r"(?<=^ )(?!job)[a-z]\w* (?:: )?= \S+(?= $)",
    r"(?:governance|admin) (?:action|change|setting|update)",
)
# What makes `set` or `change` a deed of governance.
SETTING = phrase(
    r"(?:parameter|setting|config|configuration|key|admin|governance|parametro)",
    r"(?:(?:minimum|maximum) \S+|fee|quorum|threshold)",
    r"(?:set|change|update|configure|adjust|reset) (?!it |this |that |them |me |us |my |our |stake "
    r"|reward |deadline |price |jobs? )[a-z]\w* (?:to|as|=) \S+",
)
