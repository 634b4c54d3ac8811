import { describe, expect, test } from 'vitest';
import { createRedact } from './src/redact.ts';

const redact = createRedact({ phoneRegions: ['IN', 'US', 'GB'] });
const redacted = (text: string) => redact(text).text;

describe('the nearest word weighs more than a check digit', () => {
  test.each([
    ['UPI Ref No 234123412346', 'UPI Ref No 234123412346'],
    [
      'my account is 4111111111111111, a savings account',
      'my account is 4111111111111111, a savings account',
    ],
    ['{"orderId":"4111111111111111"}', '{"orderId":"4111111111111111"}'],
    ['4111111111111111 is my order number', '4111111111111111 is my order number'],
    ['for order 4471 I used 4111111111111111', 'for order 4471 I used [CREDIT_CARD]'],
    ['order 4471 is late. 4111111111111111', 'order 4471 is late. [CREDIT_CARD]'],
    ['account 12, card 4111111111111111', 'account 12, card [CREDIT_CARD]'],
    ['खाता संख्या 234123412346', 'खाता संख्या 234123412346'],
    ['订单号4111111111111111', '订单号4111111111111111'],
    ['gift card 4111111111111111', 'gift card 4111111111111111'],
    ['Aadhaar id 234123412346', 'Aadhaar id [AADHAAR]'],
    ['carte cadeau 4111111111111111', 'carte cadeau 4111111111111111'],
    ['取件码234123412346', '取件码234123412346'],
    ['वाहन नंबर 234123412346', 'वाहन नंबर 234123412346'],
    ['https://a.example.com/4111111111111111', 'https://a.example.com/4111111111111111'],
    ['duas vezes no 4111111111111111', 'duas vezes no [CREDIT_CARD]'],
    ['chassis no. 4111111111111111', 'chassis no. 4111111111111111'],
    ['my number is 4111111111111111', 'my number is [CREDIT_CARD]'],
    ['UPI Ref No 234123412346 and 234123412346', 'UPI Ref No 234123412346 and 234123412346'],
    ['Order ID:\n4111111111111111', 'Order ID:\n4111111111111111'],
    ['my order is late\n4111111111111111', 'my order is late\n[CREDIT_CARD]'],
    ['the transaction on 4111111111111111', 'the transaction on [CREDIT_CARD]'],
    ['₹234123412346, 234123412346 bytes', '₹234123412346, 234123412346 bytes'],
    ['x == 4111111111111111', 'x == 4111111111111111'],
    ['my account is locked, 234123412346 is my Aadhaar', 'my account is locked, [AADHAAR] is my Aadhaar'],
  ])('%s', (text, expected) => expect(redacted(text)).toBe(expected));
});

describe('a number that is directly named may be written in any groups, or mistyped', () => {
  test.each([
    ['Aadhaar 23 41 23 41 23 46', 'Aadhaar [AADHAAR]'],
    ['adhar no. 2341,2341,2346', 'adhar no. [AADHAAR]'],
    ['आधार 234123412347', 'आधार [AADHAAR]'],
    ['card 4111 1111 1111 1112', 'card [CREDIT_CARD]'],
    ['Card Number:4111111111111111Expiry:12/28', 'Card Number:[CREDIT_CARD]Expiry:12/28'],
    ['card 411 111 111 111 1111', 'card [CREDIT_CARD]'],
    ['mobile 98765.43210', 'mobile [PHONE]'],
    ['PAN abcPe 1234 f', 'PAN [PAN]'],
    ['Telefon 030 9018 2233', 'Telefon [PHONE]'],
    ['电话13812345678', '电话[PHONE]'],
    ['call 555-123-4567', 'call [PHONE]'],
    ['+44 7700 900123', '[PHONE]'],
    ['03-1234-5678に', '[PHONE]に'],
  ])('%s', (text, expected) => expect(redacted(text)).toBe(expected));
});

describe('marks of Markdown and letters of other scripts are no part of a value', () => {
  test.each([
    ['_4111111111111111_', '_[CREDIT_CARD]_'],
    ['__2341 2341 2346__', '__[AADHAAR]__'],
    ['**_ABCPE1234F_**', '**_[PAN]_**'],
    ['`_9876543210_`', '`_[PHONE]_`'],
    ['_10.1.2.3_', '_[IP_ADDRESS]_'],
    ['_asha@example.com_', '_[EMAIL]_'],
    ['_GB29NWBK60161331926819_', '_[IBAN]_'],
    ['मुझेasha@example.comपर', 'मुझे[EMAIL]पर'],
    ['账号GB29NWBK60161331926819谢谢', '账号[IBAN]谢谢'],
    ['اتصل+971501234567الآن', 'اتصل[PHONE]الآن'],
    ['user_4111111111111111', 'user_4111111111111111'],
  ])('%s', (text, expected) => expect(redacted(text)).toBe(expected));
});

describe('colons, slashes and underscores may separate the groups of a number', () => {
  test.each([
    ['4111:1111:1111:1111', '[CREDIT_CARD]'],
    ['4111/1111/1111/1111', '[CREDIT_CARD]'],
    ['4111 / 1111 / 1111 / 1111', '[CREDIT_CARD]'],
    ['2341/2341/2346', '[AADHAAR]'],
    ['2341:2341:2346', '[AADHAAR]'],
    ['4111:1111/1111-1111', '4111:1111/1111-1111'],
    ['2024/2025/2026', '2024/2025/2026'],
    ['98765/43210, 98765:43210', '[PHONE], [PHONE]'],
    ['12345/67890', '12345/67890'],
  ])('%s', (text, expected) => expect(redacted(text)).toBe(expected));
});

describe('kinds', () => {
  test.each([
    ['27ABCPE1234F1Z5', '[GSTIN]'],
    ['27 ABCPE1234F 1Z5', '[GSTIN]'],
    ['39ABCPE1234F1Z5', '39ABCPE1234F1Z5'],
    ['pay asha.rao@oksbi today', 'pay [UPI_ID] today'],
    ['upi: asha@newbank', 'upi: [UPI_ID]'],
    ['see asha@newbank, asha@oksbi.example', 'see asha@newbank, [EMAIL]'],
    ['passport K1234567', 'passport [INDIAN_PASSPORT]'],
    ['part K1234567', 'part K1234567'],
    ['VID 9123 4567 8901 2346', 'VID [AADHAAR_VID]'],
    ['123-45-6789', '[US_SSN]'],
    ['ssn 123456789', 'ssn [US_SSN]'],
    ['123456789, 000-45-6789, 912-45-6789', '123456789, 000-45-6789, 912-45-6789'],
    ['135410000000009', '[CREDIT_CARD]'],
    ['2001:db8::/32', '[IP_ADDRESS]/32'],
    ['x[2001::2]', 'x[2001::2]'],
  ])('%s', (text, expected) => expect(redacted(text)).toBe(expected));
});

describe('secrets by their place', () => {
  test.each([
    ['Cookie: sid=a8Fk2qL0zzT1mN4p; theme=dark', 'Cookie: sid=[API_KEY]; theme=dark'],
    [
      'Set-Cookie: lang=en; Path=/; HttpOnly, id=a8Fk2qL0zzT1; Secure',
      'Set-Cookie: lang=en; Path=/; HttpOnly, id=a8Fk2qL0zzT1; Secure',
    ],
    ['https://a.example/callback?code=SplxlOBeZQQYbYS6', 'https://a.example/callback?code=[API_KEY]'],
    ['https://a.example/?code=SAVE20', 'https://a.example/?code=SAVE20'],
    ['https://a.example/reset/7d3f9a1c5b8e2f4a6d0c', 'https://a.example/reset/[API_KEY]'],
    ['https://a.example/reset/how-it-works-2', 'https://a.example/reset/how-it-works-2'],
    ['STRIPE_KEY=a8Fk2qL0zzT1', 'STRIPE_KEY=[API_KEY]'],
    ['"signingKey": "a8Fk2qL0zzT1"', '"signingKey": "[API_KEY]"'],
    ['primary_key=a8Fk2qL0zzT1', 'primary_key=a8Fk2qL0zzT1'],
    ['tool --token a8Fk2qL0zzT1', 'tool --token [API_KEY]'],
    ['<password>hunter2</password>', '<password>[API_KEY]</password>'],
    ['sshpass -p hunter2x ssh a', 'sshpass -p [API_KEY] ssh a'],
    ['mein Passwort ist Sonne2026!', 'mein Passwort ist [API_KEY]'],
    ['密码是Qwe#2026zx，谢谢', '密码是[API_KEY]，谢谢'],
  ])('%s', (text, expected) => expect(redacted(text)).toBe(expected));
});
