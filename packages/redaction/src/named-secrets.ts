import type { Finding } from './finding.ts';

/**
 * Secrets after names that end like those of secrets, as in `STRIPE_KEY=`, `"signingKey": "` and `--token`, in elements of XML,
 * in the header for authorization, and after words for a password in prose.
 */
export function* findNamedSecrets(text: string): Generator<Finding> {
  for (const { index, 0: found, 1: suffix = '', 2: quote = '', 3: value = '' } of text.matchAll(ASSIGNED)) {
    const name = (NAME.exec(text.slice(Math.max(0, index - LONGEST_NAME), index))?.[0] ?? '') + suffix;
    const isToken = isLikeToken(value) || (ENVIRONMENT.test(name) && isStrong(value));
    if (OTHER_NAME.test(name) || !isToken || (!quote && /[([]/.test(text[index + found.length] ?? '')))
      continue;
    yield secret(index + found.length, value);
  }
  for (const { index, 0: found, 1: value = '' } of text.includes('--') ? text.matchAll(OPTION) : [])
    if (isLikeToken(value) || isStrong(value)) yield secret(index + found.length, value);
  for (const { index, 0: found, 1: value = '' } of text.includes('</') ? text.matchAll(ELEMENT) : [])
    if (/\d/.test(value) && !PLACEHOLDER.test(value)) yield secret(index + found.length - 2, value);
  for (const { index, 0: found, 1: value = '' } of text.matchAll(AUTHORIZATION))
    if (isLikeToken(value)) yield secret(index + found.length, value);
  for (const each of text.includes(' -') ? COMMANDS : [])
    for (const { index, 0: found, 1: value = '' } of text.matchAll(each))
      if (!PLACEHOLDER.test(value)) yield secret(index + found.length, value);
  if (PASSWORD.test(text)) yield* ofPasswords(text);
  yield* inProse(text, KEY_IN_PROSE, isLikeToken);
}

function* ofPasswords(text: string): Generator<Finding> {
  yield* inProse(text, PROSE, (value) => value.length >= 6 && /\d/.test(value));
  yield* inProse(
    text,
    BARE,
    (value) => /\d/.test(value) && /[A-Za-z]/.test(value) && /[!@#$%^&*]/.test(value),
  );
}

function* inProse(text: string, pattern: RegExp, accepts: (value: string) => boolean): Generator<Finding> {
  for (const { index, 0: found, 1: raw = '' } of text.matchAll(pattern)) {
    const value = raw.replace(TRAILING, '');
    if (!PLACEHOLDER.test(value) && accepts(value))
      yield secret(index + found.length - (raw.length - value.length), value);
  }
}

function secret(end: number, value: string): Finding {
  return { kind: 'API_KEY', start: end - value.length, end };
}

const QUOTE = `\\\\?["'\`]`;
const VALUE = '[^\\s"\'`,;&<>(){}[\\]\\\\]{8,8192}';

/** Names are in small letters, in capitals, or in camel case. */
const SUFFIXES = 'key|pass|auth|dsn|salt|credentials?|pepper|seed|signature|token|secret|pwd|password';
const CAMEL = 'Key|Pass|Auth|Salt|Signature|Credential';
const ASSIGNED = new RegExp(
  `((?:[_-](?:${SUFFIXES}|${SUFFIXES.toUpperCase()})|[a-z](?:${CAMEL})|(?<![A-Za-z])(?:KEY|AccountKey|SharedAccessKey)))(?:${QUOTE})?\\]?\\s{0,3}(?:=>|[:=])\\s{0,3}(${QUOTE})?(${VALUE})`,
  'g',
);

const LONGEST_NAME = 60;
const NAME = /[\w.-]{0,60}$/;
const ENVIRONMENT = /^[A-Z][A-Z0-9_]*$/;
/** Keys of tables, caches and pages, tokens of texts. */
const OTHER_NAME =
  /(?:^|[_.-])(?:primary|foreign|public|cache|sort|partition|row|object|storage|idempotency|dedup|lookup|index|map|hash|range|natural|surrogate|composite|unique|group|config|registry|translation|i18n|hot|short|arrow|route|routing|query|cursor|page|next|prev|continuation|sync|pad|eos|bos|unk|sep|cls|mask|stop|max|min|random|s3|file|bucket|publishable|event|feature|locale|message|label|dict|json|react|list|item|node)[_-]?(?:key|token|seed)$|(?:primary|foreign|public|cache|sort|partition|row|object|storage|group|query|page|event|locale|message|item|node)Key$/i;

const OPTION = new RegExp(
  `--[\\w-]{0,30}(?:password|passwd|pwd|token|secret|key)[ =](?:${QUOTE})?(${VALUE})`,
  'gi',
);
const ELEMENT =
  /<[\w:-]{0,30}(?:password|passwd|pwd|secret|token|apikey|api-key|api_key)>\s{0,3}([^<>\s]{6,4096})<\//gi;
const AUTHORIZATION = new RegExp(
  `authorization(?:${QUOTE})?\\s{0,2}[:=]\\s{0,2}(?:${QUOTE})?(?:token|apikey|api-key|key|hmac|negotiate|digest)?\\s{0,2}(${VALUE})`,
  'gi',
);

/** Passwords on command lines: `mysql -u root -pX`, `sshpass -p X`, `curl -u name:X`. */
const COMMANDS = [
  /(?<![\w-])(?:mysql|mysqldump|mariadb)\b[^\n|;]{0,80}? -p([^\s"'`;|]{4,128})/gi,
  /(?<![\w-])sshpass -p ?["']?([^\s"'`;|]{4,128})/gi,
  /(?<![\w-])(?:curl|wget|http)\b[^\n|;]{0,80}? (?:-u|--user) ?["']?[\w.@-]{1,64}:([^\s"'`;|]{4,256})/gi,
];

/** Words for a password in the languages of `words/other-words.ts`. */
const PASSWORDS =
  'pass(?:word|code|phrase|wort)|(?<![a-z])pw|(?<![a-z])pass(?=\\s?[:=])|kennwort|mot de passe|contrase[ñn]a|clave|senha|palavra-passe|密码|密碼|口令|パスワード|暗証番号|كلمة (?:ال)?(?:مرور|سر)|पासवर्ड';
const PASSWORD = new RegExp(PASSWORDS, 'i');
const LINK = `(?:(?:is|was|ist|lautet|est|es|é|hai|हैं?|هي|هو)(?=[\\s:"'\`*])|是|为|為|は|[:=])`;
const MARKS = `["'\`*_「『]{0,2}`;
const ASCII = '[!#-&(-+\\--:=?-_a-z|~]';
const PROSE = new RegExp(
  `(?:${PASSWORDS})(?: (?:mera|ka))?[^\\S\\n]{0,2}${LINK}[^\\S\\n]{0,2}${MARKS}(${ASCII}{6,128})`,
  'gi',
);
/** Without a word between them, as in `user asha, password X`, it must look like one. */
const BARE = new RegExp(`(?:${PASSWORDS})(?: |(?=[「『]))${MARKS}(${ASCII}{6,128})`, 'gi');
const KEY_IN_PROSE = new RegExp(
  `(?:key|token|secret) (?:is|was|ist|est|es|é) ${MARKS}(${ASCII}{10,512})`,
  'gi',
);
const TRAILING = /[.,;:?)*_\]]{1,4}$/;

/** Whether it is long, has letters and digits, and is not made of words and their numbers. */
function isLikeToken(value: string): boolean {
  if (value.length < 10 || PLACEHOLDER.test(value) || PATH.test(value)) return false;
  return /\d/.test(value) && /[A-Za-z]/.test(value) && !WORDS.test(value);
}

/** Whether it has the characters of a password: letters of both cases with digits or marks, or a mark amid letters. */
function isStrong(value: string): boolean {
  if (PLACEHOLDER.test(value) || PATH.test(value)) return false;
  return (
    /[A-Za-z]/.test(value) && /[!@#%^&*+~]|[a-z][A-Z]|[A-Za-z]\d/.test(value) && /\d|[!@#%^&*+~]/.test(value)
  );
}

const WORDS =
  /^\$?(?:(?:[a-z]{1,20}|[A-Z]{1,20}|[A-Z][a-z]{1,20}|\d{1,4})[-_.:/+]){0,12}(?:[a-z]{1,20}|[A-Z]{1,20}|[A-Z][a-z]{1,20})?\d{0,4}$/;
const PATH =
  /^(?:\.{0,2}\/|~\/|https?:|[A-Z]:\\|\w{1,40}\/[\w/-]{1,200}\.\w{1,5}$)|\.(?:png|jpe?g|pem|crt|key|json|ya?ml|txt|file|pub)$/i;
const PLACEHOLDER =
  /^(?:\$|<|\*{3}|x{4}|\{|%)|your|example|change_?me|placeholder|redacted|replace|process\.env|^env\.|os\.environ|^\[/i;
