/** The columns of {@link PHRASEBOOK}. */
export const PHRASEBOOK_LANGUAGES: readonly string[] = [
  'Spanish',
  'German',
  'French',
  'Hindi',
  'Japanese',
  'Italian',
];

/** The few phrases that the demo model can translate. */
export const PHRASEBOOK: Readonly<Record<string, readonly string[]>> = {
  hello: ['Hola', 'Hallo', 'Bonjour', 'नमस्ते', 'こんにちは', 'Ciao'],
  'good morning': ['Buenos días', 'Guten Morgen', 'Bonjour', 'सुप्रभात', 'おはようございます', 'Buongiorno'],
  'good night': ['Buenas noches', 'Gute Nacht', 'Bonne nuit', 'शुभ रात्रि', 'おやすみなさい', 'Buonanotte'],
  'thank you': ['Gracias', 'Danke', 'Merci', 'धन्यवाद', 'ありがとうございます', 'Grazie'],
  please: ['Por favor', 'Bitte', "S'il vous plaît", 'कृपया', 'お願いします', 'Per favore'],
  goodbye: ['Adiós', 'Auf Wiedersehen', 'Au revoir', 'अलविदा', 'さようなら', 'Arrivederci'],
  'how are you': [
    '¿Cómo estás?',
    'Wie geht es dir?',
    'Comment ça va ?',
    'आप कैसे हैं?',
    'お元気ですか？',
    'Come stai?',
  ],
  yes: ['Sí', 'Ja', 'Oui', 'हाँ', 'はい', 'Sì'],
  no: ['No', 'Nein', 'Non', 'नहीं', 'いいえ', 'No'],
  'i love you': ['Te quiero', 'Ich liebe dich', "Je t'aime", 'मैं तुमसे प्यार करता हूँ', '愛しています', 'Ti amo'],
};
