import { UNITS } from './words/phone-words.ts';

/**
 * Whether the text directly before a number or after it says that it is another number, whatever its name: `chassis no.`,
 * a currency, a variable of a program; a unit after it.
 */
export function isOfOther(before: string, after: string): boolean {
  const noun = NUMBER_OF.exec(before)?.[1]?.toLowerCase();
  return (
    (noun !== undefined && !NEUTRAL.has(noun) && !IN.test(before)) ||
    FOREIGN.some((number) => number.test(before)) ||
    URL_PATH.test(before) ||
    AMOUNT.test(before) ||
    isInCode(before) ||
    UNITS.test(after)
  );
}

/** Whether it is compared, or assigned to a variable of one or two letters or one that is declared. */
export function isInCode(before: string): boolean {
  return CODE.test(before);
}

const NUMBER_OF =
  /(\p{L}{1,20})[ _-]?(?<!\p{L})(?:no|num|number|nr|code|#|n[º°])s?\.?(?:[^\p{L}\d]{1,3}is)?[^\p{L}\d]{0,5}$/iu;
/** Portuguese for `in the`, or Spanish for `not`. */
const IN = /[aos] no $/i;
/** The same in other languages: a noun with its word for a number, except those that do not say of what. */
const FOREIGN: readonly RegExp[] = [
  /(?<!\p{L})(?!(?:meine|die|ihre|id|ausweis|identifikations)[ -]?n)\p{L}{3,20}(?:nummer|nr\.?)(?: lautet| ist)?[^\p{L}\d]{0,4}$/iu,
  /n[uú]m[eé]ro d(?:e (?:la |l['’])?|u |['’]|o |a |el )?(?!identi)\p{L}{3,20}(?: est| es| é)?[^\p{L}\d]{0,4}$/iu,
  /(?<![\p{L}\p{M}])(?!(?:मेरा|मेरी|मेरे|यह|ये|का|की|के|नया|पूरा|सही|आपका|हमारा|है|और|इस|पहचान)[ ])[\p{L}\p{M}]{2,16} (?:संख्या|नंबर|नम्बर|क्रमांक|नं\.?)(?: है)?[^\p{L}\d]{0,4}$/u,
  /(?<=[\p{Script=Han}]{2})(?<!我的|这个|完整|身份证?|证件|识别|唯一|一下)(?:号码?|編號|编号|码)[是为：: ]{0,3}$/u,
  /(?<=[\p{Script=Han}\p{Script=Katakana}ー]{2})(?<!この|私の|個人|識別|本人)番号[は：: ]{0,3}$/u,
  /رقم (?!هو|هي|هوي|تعريف|ال?هوي)\p{L}{3,12}(?: هو)?[^\p{L}\d]{0,4}$/u,
];
const URL_PATH =
  /(?:\/\/|\bwww\.|\.(?:com|in|org|net|io|co)\/)[^\s]{0,40}[\w-]{0,20}[/=]$|\.(?:com|in|org|net|io|co)\/$/i;
const AMOUNT = /[₹$€£¥] ?$/;
const CODE =
  /(?:[=!<>]=|\b(?:const|let|var|int|long)\s\w{1,20}\s?=|(?<![\w"'&?])[A-Za-z]\w? =|[\w)\]] [<>]=?)\s?$/;

/** Words before `number` that do not say of what. */
const NEUTRAL: ReadonlySet<string> = new Set(
  `my the this that your his her our their its a an of and or is was be to on i it mera meri mere mujhe ye yeh is full whole
  complete correct right wrong new old same other another following above below long first second registered linked given
  valid id identity identification national government govt official unique proof kyc document digit said personal sir madam
  plastic please and with for by in what which whose copy mother father wife husband son daughter name`.split(
    /\s+/,
  ),
);
