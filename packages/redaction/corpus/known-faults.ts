/** Hard texts with known misses. They count in the measurement. */
export const MISSED: readonly string[] = [
  'Visa«CREDIT_CARD 4539439189967443»',
  'aadhaar «AADHAAR 8563,6876,5437»',
  'call «PHONE 98765_43210»',
  'order id «PHONE 9876543210», please call back on it',
  '"password": "«API_KEY abc def 123»"',
  'password: «API_KEY correcthorsebattery»',
  'api key is «API_KEY a8Fk2qL0zzT1»',
  'IBAN«IBAN DE89370400440532013000»',
  'IP of host: Web/«IP_ADDRESS 203.0.113.7»',
];

/** Hard texts in which a harmless value is labelled. They count in the measurement. */
export const MISTAKEN: readonly string[] = [
  'counts 384 768 1536 in all',
  'factors {274177, 67280421310721}',
  'assert f(3) == 9876543210',
  'V8 10.7.193.20 is used',
  'merged to maint 1.8.1.2 with care',
  'fib 2 3 5, 856368765437',
  '"AWS::MSK::Secret": "c85175a4ebcce361"',
];
