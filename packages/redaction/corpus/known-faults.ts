/** Hard texts with known misses. They count in the measurement. */
export const MISSED: readonly string[] = [
  'ID: «AADHAAR 856368765437»',
  'Seeding of aadhaar with account: «AADHAAR 8563 6876 5437»',
  'my pan is«PAN BNZPA2318J»',
  'order id «PHONE 9876543210», please call back on it',
  '"password": "«API_KEY abc def 123»"',
  'password: «API_KEY correcthorsebattery»',
  'IP of host: Web/«IP_ADDRESS 203.0.113.7»',
];

/** Hard texts in which a harmless value is labelled. They count in the measurement. */
export const MISTAKEN: readonly string[] = [
  'Can you cancel 4111111111111111? It is an order.',
  'HELLO1234A',
  'WORLD2024X',
  'counts 384 768 1536 in all',
  'factors {274177, 67280421310721}',
  'V8 10.7.193.20 is used',
  'merged to maint 1.8.1.2 with care',
  'fib 2 3 5, 856368765437',
  '"AWS::MSK::Secret": "c85175a4ebcce361"',
];
