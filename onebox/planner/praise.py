"""What is said of a piece of work: counts where no verdict or outcome is named outright."""

import re

PRAISE = re.compile(
    r" (?:flawless\w*|superb\w*|brilliant\w*|outstanding|amazing|awesome|wonderful\w*|impeccabl\w*"
    r"|nice|nicely|lovely|correct(?:ly|o|a|e)?|conforme|in order(?! to)"
    r"|spot on|on point|top notch|top quality"
    r"|high quality"
    r"|first rate|loves?|loved|delighted|impressed|thrilled|pleased|meets? (?:every|all|the)"
    r"|clean|works|thorough\w*|perfect\w*|does what it should|on spec|to spec"
    r"|as (?:described|advertised|briefed)|no complaints|nothing to complain|bien fait|parfait\w*"
    r"|impecable|bien hecho|100 %|a \+|💯|🎉|🙌|👏)(?= )"
)
BLAME = re.compile(
    r" (?:trash|garbage|rubbish|crap|sloppy|poor|poorly|disappointing|wrong|broken|buggy|unfinished"
    r"|incomplete|half - (?:done|finished|baked)|half done|late|misse[sd]|missing|blank|empty"
    r"|corrupt\w*"
    r"|unusable|useless|falls? short|fell short|no show|off spec|off topic|fake|faked|copied|stolen"
    r"|plagiari\w*|nonsense|junk|spam|fraud\w*|dead links?|refus\w*|bacle|incomplet\w*"
    r"|incorrect\w*|inadequate|below (?:standard|spec|par)|not (?:usable|what \S+ \S+)"
    r"|💩|🚫|👎)(?= )"
)
