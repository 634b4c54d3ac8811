import { oneOf } from './one-of.ts';

const VERY =
  oneOf(`so|very|really|super|pretty|quite|just|absolutely|totally|actually|truly|simply|such|incredibly|extremely|
  surprisingly|genuinely|seriously|honestly|kind of|kinda|all|definitely|really really|very very|so so|rather|realy|rly|v`);
const GOOD =
  oneOf(`good|great|nice|cool|awesome|amazing|perfect|excellent|brilliant|wonderful|fantastic|lovely|beautiful|helpful|
  useful|interesting|fascinating|clear|crystal clear|true|right|correct|fair|sweet|neat|impressive|incredible|insightful|
  informative|handy|smart|clever|funny|hilarious|fun|cute|insane|wild|crazy|kind|thoughtful|reassuring|encouraging|
  inspiring|superb|terrific|valid|logical|reasonable|understandable|easy to (follow|understand|digest)|simple|easy|
  straightforward|intriguing|satisfying|enlightening|delightful|exciting|surprising|unexpected|remarkable|valuable|eye opening|
  elegant|practical|convincing|sensible|well (put|said|explained|written|structured)|detailed|thorough|concise|
  well thought out|beautifully (put|explained|written)|nicely (put|explained)|clearly explained`);
const THING =
  oneOf(`stuff|job|work|one|point|idea|answer|explanation|example|summary|overview|advice|tip|trick|suggestion|info|
  information|response|analogy|metaphor|breakdown|comparison|thought|insight|story|description|fact|plan|approach|
  solution|perspective|observation|argument|question|news|read|lesson|topic|way to (look at|see|put|explain|think about|describe|say) it|
  way of (looking at|seeing|putting|explaining|thinking about|describing) it`);
const IT = oneOf(`that|this|it|all [of] (that|this|it)|everything|(that|this|your|the|the whole) ${THING}|
  what (you said|youre saying|you are saying|you just said|you wrote|you explained)|
  the way you (explain|explained|put|describe|described|tell|told|write|wrote|broke|break|laid) (it|that|this|things|the story) [down|out]|
  how you (explain|explained|put|describe|described|tell|told|write|wrote|broke|break|laid) (it|that|this|things|the story|everything) [down|out]`);
const IS = oneOf(`is|was|s|looks|sounds|seems|feels|has been|looked|sounded`);
const ITS = oneOf(
  `${IT} ${IS}|thats|its|thiss|that all (is|sounds)|those are|these are|they are|youre|you are|wow thats|now thats|now that is`,
);
const NOW =
  oneOf(`now|so far|thanks|to me|for me|to know|to hear|indeed|honestly|to be honest|tbh|then|in fact|for sure|of you|of you to say|
  from you|i have to say|i must say|i think|up to now|up to here|until now|man|so well|already|again`);
const MUCH =
  oneOf(`a lot|so much|me|me a lot|me [out] [so|very] much|tons|a ton|a bunch|loads|me out|me out a lot|immensely|greatly|nicely|
  very much|very well|me understand [it|this|that] [now|better]|quite a bit|me tremendously|enormously|perfectly|so well|everything|
  a great deal|heaps|massively`);
const WHAT =
  oneOf(`[${IT}]|you|[exactly] what (you mean|you meant|you are saying|youre saying|you say|you are getting at|youre getting at|that means|this means)|
  [your|the] (point|idea|logic|difference|picture|concept|gist|reasoning|connection|principle|drift|joke)|
  where (you are|youre) (coming from|going) [with (this|that)]|where this is going|[exactly] how (it|that|this|everything|it all) works|
  why|why (that is|thats so|it works)|that [part|bit|one]|it all|all of it`);
const THOUGHT =
  oneOf(`thought|expected|figured|suspected|guessed|imagined|hoped|needed|wanted|meant|was (thinking|hoping for|looking for|after|expecting|wondering|trying to say)|
  had in mind|(needed|wanted|was hoping) to (know|hear)|have been looking for|had hoped`);
const I = '(i|we|ok i|yes i|now i|oh i|yeah i|and i|i think i)';
const WOULD = oneOf(
  'really|truly|so|do|just|also|totally|completely|fully|absolutely|definitely|finally|can|now|certainly|still|actually|honestly|perfectly|clearly|strongly|genuinely',
);
const ING =
  oneOf(`explaining|clarifying|sharing|helping|answering|teaching|showing|walking me through|breaking (down|it down|that down)|
  clearing (up|that up|it up)|sorting out|confirming|checking|looking into|pointing out|making|being|putting|laying out|taking`);
const THIS = oneOf(
  `[so|very|all|such|really] [${GOOD}] [it|that|this|me|things|everything|everything out|so|it so|that so|this so|a ${GOOD} ${THING}] [up|out|down] [to me|for me|with me] [clearly|well|patient|patient with me|kind|simple|easy|helpful|clear|quickly|nicely|thoroughly]`,
);
const GO_ON =
  oneOf(`go on|continue|keep going|carry on|go ahead|proceed|keep talking|keep it coming|keep it up|keep explaining|keep on going|lets (continue|go on|keep going|carry on)|
  (feel free to|you can|you may|by all means|please do) (go on|continue|keep going|carry on|proceed|go ahead)`);

/** Whole English sentences, as patterns. */
export const ENGLISH_SENTENCES = `
  ${ITS} [just|a|an|such a|quite a|a ${VERY}|an ${VERY}|${VERY}] [${VERY}] ${GOOD} [${THING}] [${NOW}] [${NOW}]
  (such|what) (a|an) [${VERY}] ${GOOD} [${THING}] [${NOW}], (how|wow how) ${GOOD}, ${VERY} ${GOOD} ${THING} [${NOW}]
  ${ITS} [so|much|way|a lot|even] (clearer|easier|better|simpler) (now|already|to understand|to follow|this way|like that|like this|than i (thought|expected|imagined)) [thanks]
  [${IT}|thats|its] (is|was|s) [so|much|way|a lot|even] (clearer|easier|simpler) [now|than i (thought|expected|imagined|feared)], much clearer [now], (thats|its) (easier|simpler) than i (thought|expected)
  ${ITS} [${VERY}] (all clear|clear as day|making sense|making [perfect|total] sense|fine|all good|music to my ears|a game changer|a relief|a big help|a great help|a huge help|a lifesaver|news to me|gold|pure gold|next level|the best|something else|good stuff|how i see it [too]|how i (feel|think) [too]|mind blowing|mindblowing|on point|spot on|a good start|a deal|all i needed [to know]) [${NOW}]
  [${IT}|which|now (it|that|this) [all]] [${VERY}|also|now|finally] (makes|made|is making) [${VERY}|a lot of|a ton of|so much|perfect|total|complete|more|much more|good|absolute|all the] [${VERY}] sense [${NOW}|when you (put|say|explain) it (like that|that way|this way)]
  [${IT}|which] [${VERY}|has|also|already|certainly|has really|has already] (helps|helped|clears|cleared|clarifies|clarified|explains|explained|answers|answered|works|checks out|adds up|all adds up|all checks out|worked|resolves|solves) [it|that|this|things|my (question|questions|doubt|doubts|problem|confusion)|any confusion|everything|a few things|the confusion] [up|out] [all] [${MUCH}|for me] [${NOW}]
  (that|this|it) all (checks out|adds up|makes sense|fits [together]|clicks [now]), (it|that|everything|it all|now it|it just|that just|it finally|now it all) [all|just|finally|has] (clicked|clicks|fits|falls into place|came together|comes together) [now|for me]
  ${I} [${WOULD}] (get|got|see|understand|understood|follow|followed|hear|feel) ${WHAT} [${WOULD}|clearly|well|very well] [${NOW}]
  ${I} (am|was) (following [along|you] [${NOW}]|with you [all the way|completely|100 %|there] [${NOW}]|on board [with (that|this|it)]|learning [so much|a lot] [here|today|from (this|you)]|all ears|all for (it|that)|in|sold|convinced|impressed|hooked|amazed|blown by [that|this]), (im|im still|im totally|im completely|im really) (following [along|you] [${NOW}]|with you [all the way|completely|100 %|there] [${NOW}]|on board [with (that|this|it)]|learning [so much|a lot] [here|today|from (this|you)]|all for (it|that)|in|sold|convinced|impressed|hooked|amazed|listening [closely|carefully] [go on])
  (${I} [${WOULD}|am|was|have]|im|im ${VERY}|am) (like|love|liked|loved|enjoy|enjoyed|enjoying|loving|liking|appreciate|appreciated|admire|adore|dig|value|been enjoying|really like|really love) (${IT}|you taking the time [to (explain|help|answer) [${WHAT}] [${WHAT}]]|your (help|time|effort|patience|honesty|support|insight|input|thoughts|kindness|enthusiasm|style|humor|humour) [with this|on this]|the (help|effort|detail|details|clarity|insight|honesty|examples|humor|humour)|where this is (going|headed)|where (youre|you are) going with this|hearing (this|that|it|about this)|reading (this|that|it)|learning (about this|this|all this)) [a lot|so much|very much|${NOW}] [${NOW}]
  (love|loving|enjoying|really enjoying|liking|loved|like|really like|appreciate|appreciating) ${IT} [so much|a lot|${NOW}]
  ${I} (never|hadnt|didnt|havent|have never|had never|never really|never even|would never have|wouldnt have) [ever|even|really|actually] (knew|know|known|thought|thought of|realised|realized|realise|realize|heard|heard of|considered|consider|looked at|seen|guessed|expected|expect|saw|noticed) (that|this|it|about (that|this|it)|of (that|this|it)) [that way|this way|like (that|this)|from that (angle|perspective)|before|until now|at all|coming|so clearly|was (a thing|possible|the reason)|${NOW}]
  never (knew|thought of|heard of|realised|realized|considered|saw|looked at) (that|this|it) [that way|like that|before|until now]
  ${I} (had|really had) no (idea|clue) [about (that|this|any of this)|that was (a thing|possible)|(it|this|that) (was|is|could be|worked|works) [${VERY}|that|like] [${GOOD}|that|this|like that|that way]], had no idea about (that|this)
  [yeah|yes|haha] ${I} [was|had been|have been] (wondering about (that|this|it)|thinking [exactly] (the same [thing]|that|just that|so)|hoping [so|for that|you would say that]|curious about (that|this)|just thinking that|going to say [that|the same [thing]|just that])
  [${ITS}|just|exactly] [just|exactly|pretty much|precisely|basically|kind of|kinda|more or less|also|really|literally] what i ${THOUGHT} [too|as well|thanks|all along], [just] as i ${THOUGHT}, thats [exactly|basically|also] (how i (see|feel about) it|the kind of ${THING} i (needed|wanted|was looking for))
  (${I}|im) [${WOULD}|${VERY}] (agree|agreed|concur|am in agreement|am of the same opinion|share (that|your) (view|opinion)|think so [too]|think the same [way]|feel the same [way]|feel that [too]|believe (that|it|you)|support that|second that|glad we (agree|are on the same page|see it the same way|cleared that up|talked about this)|glad to (hear|know|read) (that|it|this)|happy to (hear|know|read) (that|it|this)|pleased to hear (that|it|this)|relieved [to hear (that|it|this)]|glad i asked|glad (you (said|mentioned|explained|brought) (that|it|this) [up]|you think so|you agree)|so happy [now]|excited [about (that|this|it)|to (hear|learn) (this|that)|for this]|looking forward to (it|that|this|the rest|hearing the rest)|curious to hear the rest|here for it) [with (you|that|this|everything|everything you said|all of (that|this|it)|your ${THING})] [on (that|this)|there|completely|100 %|wholeheartedly|totally|${NOW}], glad we agree [on (that|this)], couldnt have (said|put) it better [myself], [we are|were] on the same page
  you (make|made|have|raise|raised|bring up|got|do have) (a|some|an|such a) [${VERY}] ${GOOD} (point|points|argument|arguments|observation) [there|${NOW}], [i think] (you are|youre) [so|absolutely|totally|completely|quite|probably|definitely|spot|100 %] (right|correct|on|on point|spot on) [there|about (that|this|it)|on (that|this)|with (that|this)|i think|i guess]
  (you are|youre|you were|your) [${VERY}] (doing|explaining (it|this|that)|a|an|the|so|such a|good at|great at|so good at|really good at) [${VERY}] [${GOOD}|well|best|so well|very well] [job|teacher|explainer|work|storyteller|this|that|explaining [things|this]|at (this|that|explaining [things])|at it|help|assistant] [${NOW}], you [${VERY}|always|just] (explain|explained|put|did|said|describe|described|tell|told|nailed|made|make) (it|that|this|things|everything|stuff|the story|this topic|that concept) [${VERY}|sound] (well|clearly|nicely|beautifully|perfectly|clear|easy [to (understand|follow)]|simple|simply|brilliantly|great|better than (anyone|my teacher)) [thanks|for me], you have a (gift|talent|way with words|great way of explaining [things]|knack for (this|explaining [things]))
  you (made|really made) (my day|me (laugh|smile|happy|think)) [${NOW}], (that|this|it) [really|just] (made|makes) (my day|me (laugh|smile|happy|think|feel [much] better)) [out loud|so hard|${NOW}], [haha] (that|this|it) (cracked|cracks) me up, (that|this|it) [totally] (blew|blows) my mind, [im|i am] laughing [so hard|out loud] [right now]
  (thank you|thanks|thank u|thx|ty|thankyou|many thanks|thanks so much|thank you so much|thank you very much|thanks a lot|thanks a bunch|thx so much|cheers|tysm) [again|so much|really|sincerely] for (${ING} ${THIS}|taking the time [to (explain|help|answer|clarify) [me|it|that|this|everything] [to me]|for me|out]|(your|the|this|that|all the|all your|such a|a) [${VERY}] [${GOOD}|${GOOD} and ${GOOD}|patient|quick|kind] (${THING}|help|time|effort|patience|kindness|clarification|support|examples|tips|details|recommendation|recommendations|response|words|guidance|input|lesson))
  [and] (i cant thank you enough|i owe you one|i am in your debt|im [so|very|really] grateful [for (that|this|your help|the help|everything|all your help)]|thats [${VERY}] (appreciated|kind of you|nice of you|sweet of you|good of you|generous [of you]|decent of you)|(much|really|greatly|highly|so|very much|well) appreciated|your (help|effort|patience|time|explanation) is [${VERY}|much|very much|really|greatly|highly] appreciated|thanks to you [now] i (get|understand) it [now]|you have been [${VERY}|so|very|really|a] (helpful|kind|patient|great help|big help|huge help|lifesaver)|youve been [${VERY}|so|very|really|a] (helpful|kind|patient|great help|big help|huge help|lifesaver)|you saved (me|my day|my life|me a lot of time)) [${NOW}]
  [please|yes|yeah|ok|and|so|just|lets] ${GO_ON} [please|then|with (it|that|this|your ${THING}|the ${THING}|the rest|what you were saying)|like (this|that)|as (you are|youre|planned)|by all means|thanks|any time|no rush|i am [all ears|listening]|im [all ears|listening|enjoying this|following|with you]], (dont stop|dont let me interrupt|dont mind me|sorry go on|take your time|no rush) [please|go on|continue|keep going], keep up the ${GOOD} (work|job|explanations), (i could listen to (you|this) all day|i could read this all day|i want to hear the rest|cant wait to hear the rest|im excited to hear the rest)
  [well|oh] (${IT}|its|that|this) (was|is|s) [${VERY}|way|much|a lot|even] (easier|simpler|more ${GOOD}|better|cooler|quicker|funnier) than i (thought|expected|imagined|had imagined|remembered) [it would be|it was], [well] who would have (thought|guessed) [that], [well] i (learned|learnt|have learned|just learned) (something|something new|a lot|so much|a ton) [today|here|from (this|that|you)|${NOW}], every day you learn something new, you learn something [new] every day
  no way [thats ${GOOD}|really cool], [wow] (thats|that is) [${VERY}] (insane|wild|nuts|crazy|bonkers|unreal|unbelievable), ${VERY} appreciate (it|that|you|the help|your help|this), (noted|got it|understood) [and] (thanks|appreciated|will do|makes sense), (ill|i will|im going to|im gonna|i am going to|gonna|let me) [definitely|certainly|sure|just] (remember (that|this|it)|keep (that|this|it) in mind|try (that|this|it) [out] [later|tonight|tomorrow|at home|soon]|do (that|just that|exactly that)|use that|write (that|this|it) down|note that down|note (that|this|it)|make a note of (that|this|it)|give (it|that|this) a (try|go|shot)|take (that|your) advice) [thanks|then]
  everything [you (said|explained|wrote)] (is|was|makes|seems|sounds) [${VERY}|perfectly|completely|all|perfect|total|crystal] (clear|sense|right|fine|understandable|good|great|reasonable|logical) [${NOW}], all (clear|good|understood|fine|set) [${NOW}], (so far|up to here|until now|up to now) (everything|its|its all|all) [is] [all|${VERY}|perfectly|completely] (clear|good|fine|understandable|makes sense|well), so far [so|its all|everything is] [${VERY}] (good|clear) [thanks]
`;
