import { oneOf } from './one-of.ts';

const VERY =
  oneOf(`bahut|bahut hi|bohot|bohot hi|bahot|bhot|bht|kafi|kaafi|bilkul|ekdum|ekdam|sach me|sach mein|vakai|vakai me|to|toh|to bahut|toh bahut|to bahut hi|itna|itni|itne|bada|badi|bade|puri tarah|itna zyada|ek dum|bhi|hi|
  बहुत|बहुत ही|काफी|काफ़ी|बिल्कुल|बिलकुल|एकदम|सच में|वाकई|वाकई में|तो|तो बहुत|तो बहुत ही|इतना|इतनी|इतने|बड़ी|बड़े|बड़ा|पूरी तरह|भी|ही`);
const GOOD =
  oneOf(`accha|acha|achha|acchi|achi|acche|ache|achhe|badhiya|badiya|badhia|sahi|theek|thik|clear|simple|aasan|asaan|saral|saaf|interesting|useful|helpful|mast|gazab|kamaal|kamaal ka|kamaal ki|rochak|dilchasp|mazedar|majedar|shandar|shaandar|
  upyogi|kaam ka|kaam ki|sundar|pyara|pyari|zabardast|jabardast|lajawab|behtareen|perfect|great|good|nice|amazing|awesome|cool|funny|logical|sach|samajhdar|gyanvardhak|sateek|spasht|best|genius|khoob|umda|top|madadgar|faydemand|detailed|
  अच्छा|अच्छी|अच्छे|बढ़िया|सही|ठीक|स्पष्ट|सरल|आसान|साफ|साफ़|रोचक|दिलचस्प|मज़ेदार|मजेदार|शानदार|उपयोगी|काम का|काम की|सुंदर|प्यारा|प्यारी|ज़बरदस्त|जबरदस्त|लाजवाब|बेहतरीन|कमाल|कमाल का|कमाल की|सच|मददगार|ज्ञानवर्धक|सटीक|महत्वपूर्ण|खूब|उम्दा|प्रेरणादायक|फायदेमंद|उत्तम|अद्भुत`);
const THING =
  oneOf(`baat|jankari|jaankari|idea|explanation|example|udaharan|jawab|answer|salah|sujhav|info|information|tip|tarika|tareeka|point|kahani|story|vichar|plan|soch|analogy|tarike|samjhane ka tarika|samjhane ka tareeka|batane ka tarika|cheez|khabar|tulna|joke|advice|suggestion|
  बात|बातें|जानकारी|विचार|उदाहरण|जवाब|उत्तर|सलाह|सुझाव|तरीका|तरीके|कहानी|आइडिया|योजना|सोच|समझाने का तरीका|बताने का तरीका|चीज|चीज़|खबर|तुलना|व्याख्या|मुद्दा|स्पष्टीकरण`);
const YE =
  oneOf(`ye|yeh|yah|ye to|yeh to|ye toh|yeh toh|ye sab|ye wala|ye wali|aapki|apki|aapka|apka|tumhari|tumhara|aapki ye|sab|sab kuch|sabkuch|baat|isse|is se|ye baat|aapki baat|aapka|ye jankari|ye idea|
  यह|ये|यह तो|ये तो|यह सब|ये सब|आपकी|आपका|तुम्हारी|तुम्हारा|आपकी यह|सब|सब कुछ|बात|इससे|यह बात|ये बात|आपकी बात`);
const IS = oneOf(
  `hai|h|he|tha|thi|the|hain|laga|lagi|lagta hai|lag raha hai|lg rha h|hua|hui|ho gaya|ho gayi|ho gya|hai ji|है|था|थी|हैं|लगा|लगी|लगता है|लग रहा है|हुआ|हुई|हो गया|हो गई`,
);
const WITH = oneOf(
  `ji|bhai|yaar|sir|bro|ab|mujhe|shukriya|thanks|dhanyavad|dhanyavaad|dhanyawad|aapne|aapka|apne|tumne|mere liye|ab mujhe|sunkar|sunke|jankar|thank you|na bhai|ye sunkar|sab|thank you so much|जी|भाई|यार|सर|अब|मुझे|शुक्रिया|धन्यवाद|आपने|आपका|मेरे लिए|तुमने|सुनकर|जानकर|अब मुझे`,
);
const I = oneOf(
  `main|mai|me|mein|mujhe|mujhko|mereko|ab|ab mujhe|haan|haan ab|haan main|hum|mujhe ab|mujhe to|ab to|मैं|मुझे|अब|अब मुझे|हां|हां मैं|हम|हां अब|मुझे अब|अब तो`,
);
const GOT =
  oneOf(`(samajh|samaj|samjh|smjh) [me|mein] (aa gaya|aa gya|aa gayi|aa gyi|aagaya|aagayi|aaya|aayi|aa raha hai|aa rahi hai|aa rha h|gaya|gayi|gya|gyi|gaya hu|gaya hoon|gayi hu|gayi hoon|raha hu|raha hoon|rahi hu|rahi hoon)|samjha|samjhi|clear (ho gaya|ho gya|hai|h|ho gayi|hua)|pata chal gaya|
  समझ [में] (आ गया|आ गई|आ गयी|आया|आई|आ रहा है|आ रही है|गया|गई|गयी|गया हूं|गई हूं|रहा हूं|रही हूं)|समझा|समझी|स्पष्ट हो गया|साफ हो गया|क्लियर हो गया|पता चल गया`);
const BAAT = oneOf(
  `aapki baat|apki baat|aapki ye baat|tumhari baat|ye baat|baat|puri baat|poori baat|ye|yeh|sab|sab kuch|ye sab|ye concept|concept|ye point|aapka point|saari baatein|आपकी बात|आपकी यह बात|यह बात|ये बात|बात|पूरी बात|यह|ये|सब|सब कुछ|यह सब|सारी बातें|सारी बात`,
);
const THANKS = oneOf(
  `dhanyavad|dhanyavaad|dhanyawad|dhanyawaad|shukriya|shukria|sukriya|thanks|thank you|thank you so much|thanks a lot|aabhar|abhari hu|abhari hoon|thnk u|thnx|thx|meherbani|thanku|धन्यवाद|शुक्रिया|आभार|आभारी हूं|मेहरबानी|थैंक यू|थैंक्यू`,
);
const VERB = oneOf(
  `samjhaya|smjhaya|bataya|btaya|explain kiya|kaha|bola|likha|samjha diya|bata diya|keh rahe (ho|hain)|kah rahe (ho|hain)|keh rhe ho|bol rahe (ho|hain)|samjhate (ho|hain)|batate (ho|hain)|explain karte (ho|hain)|sunaya|समझाया|बताया|कहा|बोला|लिखा|समझा दिया|कह रहे (हैं|हो)|बोल रहे (हैं|हो)|समझाते (हैं|हो)|बताते (हैं|हो)|सुनाया`,
);
const AAGE =
  oneOf(`[aage|age|agey|aise hi|aap aage] (boliye|bolo|bataiye|batao|badhiye|badho|badhte hain|badhte h|badhte hai|bolte rahiye|bolte raho|bolte rahe|bolte jaiye|batate rahiye|batate raho|badhte raho|kahiye|sunaiye|sunao|chaliye|chalo|chalte hain|samjhaiye na|continue kijiye|continue karo|jari rakhiye|jaari rakhiye|jari rakho|jaari rakho)|continue kijiye|continue kariye|continue karo|continue please|please continue|
  आगे (बोलिए|बोलो|बताइए|बताओ|बढ़िए|बढ़ो|बढ़ते हैं|बोलते रहिए|बताते रहिए|कहिए|सुनाइए|चलिए|चलो|चलते हैं|बढ़ें)|बोलते (रहिए|रहो|जाइए)|बताते (रहिए|रहो|जाइए)|जारी (रखिए|रखो|रखें)|सुनाते रहिए`);

/** Whole Hindi sentences in Devanagari and Latin letters, as patterns. */
export const HINDI_SENTENCES = `
  [haan|ji|wah|accha|are|arre|वाह|हां|जी|अच्छा|अरे] [${YE}] [${THING}|samjhane ka tarika|समझाने का तरीका] [mujhe|mere liye|मुझे|मेरे लिए|sach me|सच में] [${VERY}] [${VERY}] ${GOOD} [${THING}] [${IS}|${VERB}] [${WITH}] [${WITH}]
  (kya|क्या) [${VERY}] [${GOOD}] (${THING}|baat) (hai|h|kahi|batayi|है|कही|बताई) [${WITH}]
  [haan|ji|wah|theek hai|हां|जी|ठीक है] [${I}] [to|तो] [${BAAT}] [${I}] [${VERY}] [${GOOD}] [se|tarah|tarah se|tarike se|से|तरह|तरह से|तरीके से] [${BAAT}] ${GOT} [${WITH}] [${WITH}]
  [${BAAT}] [ab|अब] [${VERY}] (clear|saaf|spasht|क्लियर|साफ|स्पष्ट) (hai|h|ho gaya|ho gya|ho gayi|hua|है|हो गया|हो गई) [ab|अब] [${WITH}]
  [aapne|apne|tumne|aap|tum|आपने|तुमने|आप|तुम] [${VERY}|ye|yeh|यह] [${VERY}] ${GOOD} [tarike|tareeke|tarah|dhang|तरीके|तरह|ढंग] [se|से] ${VERB} [hai|h|है] [${WITH}] [${WITH}], [${VERY}] ${GOOD} [tarike|tareeke|तरीके] [se|से] ${VERB} [hai|h|है] [${WITH}]
  (aap|tum|आप|तुम) [${VERY}|sach me|सच में] ${GOOD} [samjhate|batate|teacher|insaan|tarike se samjhate|se samjhate|समझाते|बताते|इंसान|से समझाते] (ho|hain|hai|हैं|हो) [${WITH}]
  [isse|is se|ye jankar|aapse|ye|yeh|इससे|आपसे] [mujhe|mereko|meri|मुझे|मेरी] [${VERY}] (madad|help|fayda|sahayata|मदद|सहायता|फायदा) (mili|hui|ho gayi|ho gyi|hua|mil gayi|मिली|हुई|हो गई|मिल गई|हुआ) [${WITH}] [${WITH}], (maine|मैंने) [${VERY}|aaj|आज] [kuch naya|kuch|bahut kuch|कुछ नया|बहुत कुछ] (seekha|sikha|सीखा) [${WITH}], [aaj|आज] (kuch naya|bahut kuch|कुछ नया|बहुत कुछ) (seekhne|sikhne|seekh|सीखने) [ko|को] (mila|liya|मिला) [${WITH}]
  [mujhe|mereko|मुझे] [ye|yeh|aapki|aapka|aapki ye|is|यह|ये|आपकी|आपका|आपकी यह] [${THING}] [sunkar|sunke|padhkar|jankar|sun kar|ye sunkar|सुनकर|पढ़कर|जानकर] [${VERY}] (pasand|accha|acha|achha|maza|khushi|mazaa|maja|पसंद|अच्छा|मज़ा|मजा|खुशी) (aaya|aayi|aya|laga|lagi|hui|aa gaya|aa gya|aa raha hai|aa rha hai|आया|आई|आयी|लगा|हुई|आ गया|आ रहा है) [${WITH}] [sunkar|sunke|सुनकर], (ye|yeh|yah) (sunkar|sunke|jankar) [${VERY}] (accha|acha|achha|khushi|maza) (laga|hui|aaya)
  [haan|ji|हां|जी] [main|mai|me|मैं] [bhi|भी] [to|aapki|aapse|tumse|tumhari|isse|is|आपकी|आपसे|इस|इससे] [baat|बात] [se|से] [${VERY}] [se|से] (sehmat|sahmat|agree|सहमत) (hu|hoon|hun|karta hu|karti hu|karta hoon|हूं) [${WITH}], [haan|ji|हां|जी] (main|mai|मैं) (bhi|भी) (yahi|yehi|aisa hi|यही|ऐसा ही) (soch|keh|kehna|सोच|कह|मान) (raha|rahi|rha|rhi|chahta|रहा|रही) (tha|thi|hu|hoon|था|थी|हूं), [mujhe|मुझे] (bhi|भी) (yahi|aisa hi|यही|ऐसा ही) (lagta|laga|lag raha|लगता|लगा) [hai|tha|है|था]
  [${YE}|aap|tum|आप|बात] [bhi|भी] [${VERY}] (sahi|theek|sach|सही|ठीक|सच) (${VERB}|baat hai|hai|keh rahe hain aap|kaha aapne|kah rahe hain aap|कह रहे हैं आप|कहा आपने|बात है) [aap|आप|${WITH}]
  [wah|are|arre|accha|वाह|अरे|अच्छा] [ye|yeh|yah|mujhe|maine|यह|ये|मुझे|मैंने] [to|toh|baat|तो|बात] [mujhe|maine|मुझे|मैंने] [ye|yeh|kabhi|pehle|यह|कभी|पहले] [pata|maloom|socha|suna|पता|मालूम|सोचा|सुना] [hi|to|bhi|ही|तो|भी] (nahi|nahin|nhi|नहीं) (tha|thi|pata tha|maloom tha|socha tha|suna tha|jaanta tha|janta tha|janti thi|था|थी|पता था|मालूम था|सोचा था|सुना था|जानता था|जानती थी) [${WITH}]
  [itni|itne|is|aapki|mujhe|इतनी|इतने|इस|आपकी] [${VERY}] [${GOOD}] [se|tarike se|से] [${THING}|madad|help|samjhane|samay|मदद|समझाने|समय] [dene|karne|batane|explain karne|samjhane|देने|करने|बताने] (ke liye|k liye|के लिए) [aapka|apka|aap ka|आपका] [${VERY}|bahut bahut|dil se|tahe dil se|बहुत बहुत|दिल से|तहे दिल से] ${THANKS} [${WITH}], [aapka|apka|mera|आपका] [${VERY}|bahut bahut|dil se|tahe dil se|बहुत बहुत|दिल से] ${THANKS} [aapka|apka|bhai|yaar|आपका|tumhara|ji|जी] [[is|itni|itne|इस|इतनी] [${VERY}|${GOOD}] [${THING}|madad|help|मदद|samjhane|samjhane|समझाने] (ke liye|k liye|के लिए)] [${WITH}]
  [haan|ji|haan ji|theek hai|accha|ok|please|aap|kripya|हां|जी|ठीक है|अच्छा|कृपया|आप] [to|bhai|aap|तो|आप] ${AAGE} [please|ji|aap|bhai|na bhai|जी|आप|main sun raha hu|main sun raha hoon|मैं सुन रहा हूं], [haan|ji|haan ji|हां|जी] (main|mai|hum|मैं) [aapki baat|aapko|आपकी बात|आपको] [dhyan|gaur|ध्यान|गौर] [se|से] (sun|padh|samajh|सुन|पढ़|समझ) (raha|rahi|rha|rhi|रहा|रही) (hu|hoon|hun|हूं) [${AAGE}|aap boliye|aap bataiye|आप बोलिए], (ab tak|yahan tak|yaha tak|अब तक|यहां तक) [sab|sab kuch|सब|सब कुछ] (${GOT}|clear hai|theek hai|sahi hai|ठीक है|सही है|साफ है) [${WITH}]
  (main|mai|mein|मैं) [ye|ise|zaroor|yeh|aisa hi|यह|इसे|ज़रूर|जरूर|ऐसा ही] [zaroor|jarur|ज़रूर|जरूर] (karunga|karungi|try karunga|try karungi|yaad rakhunga|yaad rakhungi|dhyan rakhunga|note kar leta hu|करूंगा|करूंगी|याद रखूंगा|याद रखूंगी|ध्यान रखूंगा|आज़माऊंगा|कोशिश करूंगा), (hans|has|हंस) (hans|has|हंस) (ke|kar|के|कर) (pet|लोटपोट|पेट|pagal) [dukh gaya|ho gaya|दुख गया|हो गया|दर्द हो गया], (dil|दिल) (khush|jeet|खुश|जीत) (ho gaya|kar diya|liya|हो गया|कर दिया|लिया) [${WITH}], [mast|badhiya|sahi|accha|acha] explain (kiya|karte ho|karte hain|kiya aapne) [${WITH}], [bht|bahut|bohot] help (hui|ho gayi|mili) [${WITH}]
`;
