/**
 * Whether four numbers with dots are a version and not an address: they follow a `v` or a word for a version, a product and
 * a slash, or a pin, or are in a package's file name. Numbers of sections follow their sign.
 */
export function isVersion(text: string, start: number, end: number): boolean {
  const before = text.slice(Math.max(0, start - REACH), start);
  return (
    CALLED.test(before) ||
    isPinned(before) ||
    isOfProduct(text, before, end) ||
    PACKAGED.test(text.slice(end, end + 8))
  );
}

const REACH = 40;
const CALLED =
  /(?:(?:version|release|build|firmware|section|chapter|clause|(?<![a-z])(?:sec|ch|art|para)\.?|oid|asn|kernel|patch|sdk|openssl|python|java|jdk|numpy|pandas|tensorflow|pytorch|gcc|clang|macos|ios|glibc|dotnet|safari|opera|webkit|chrome|chromium|firefox|android|versi[oó]n|vers[aã]o|версия|版本|バージョン|संस्करण|वर्ज़न|वर्शन|إصدار|الإصدار)s?|(?<![a-z])ver\.?|(?<![a-z])v|\u00a7)[\s"':=]{0,6}$/i;
const PACKAGED = /^\.(?:tgz|tar|zip|whl|jar|deb|rpm|exe|dmg|apk|msi|gem|nupkg|vsix)\b/i;

/** Whether it is pinned: `name==1.2.3.4`, `"name": "^1.2.3.4"`; not `ip == 1.2.3.4`, nor a comparison: `x == "1.2.3.4"`. */
function isPinned(before: string): boolean {
  const name = PIN.exec(before)?.[1];
  return name !== undefined && !NAMES_ADDRESS.test(name);
}

const PIN = /([\w.-]{0,30})["'\s:[\]]{0,4}(?:==|~=|>=|<=|\^)\s?$/;
const NAMES_ADDRESS =
  /(?:^|[._-]|[a-z](?=[A-Z]))(?:ip(?:v4)?|addr(?:ess)?|host(?:name)?|src|dst|source|destination|remote|peer)(?:$|[._-]|(?=[A-Z]))|^(?:client|server)$/i;

/** Whether a product precedes it: `Chrome/120.0.0.0`, `curl/7.88.1.0`; not `host/10.0.0.1:443`, and not in a path. */
function isOfProduct(text: string, before: string, end: number): boolean {
  return PRODUCT.test(before) && !/^:\d/.test(text.slice(end, end + 2));
}

/** Products in user agents begin with capitals, except some tools. */
const PRODUCT =
  /(?<![\w./:@-])(?:[A-Z][\w.-]{0,30}|curl|wget|libcurl|nginx|node|npm|php|python-\w{1,12}|okhttp|axios|git|go)\/$/;
