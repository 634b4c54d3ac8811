/** The token that every approving emoji and emoticon is read as. */
export const APPROVAL = '<approval>';
/** The token for emoji that only colour an acknowledgement, as in "thanks 😭", and mean something else alone. */
export const COLOUR = '<colour>';

/** What an emoji or emoticon (folded) is read as; null for one that is content (🍕), doubt (🤔) or a refusal (✋, 👎). */
export function signOf(token: string): typeof APPROVAL | typeof COLOUR | null {
  if (APPROVING.has(token) || SMILE.test(token)) return APPROVAL;
  return COLOURING.has(token) ? COLOUR : null;
}

/** Smiles, hearts, `(y)`, `^_^` and `+1`. */
const SMILE = /^(?:[:;=8x]-?[)\]dp3*]+|<3+|\^_*\^|\(y\)|\+1)$/;

const APPROVING = new Set(
  `👍 👌 🙏 👏 🙌 🤝 💪 🤙 🫡 🫶 🤗 🙆 🤟 🤘 ✌ 🤞 🤜 🤛 👊 ✊ 🆗 ✅ ✔ ☑ ✓ 💯 🔥 🎉 🎊 🥳 🙇 🧡 🫰 🏆 🥇 👑 💎 🚀 ⭐ 🌟 ✨ 💫 ⚡
   😀 😃 😄 😁 😆 😅 😂 🤣 🙂 😊 😇 🥰 😍 🤩 😘 😗 😚 😙 😋 😛 😜 🤪 😝 😎 🤓 😏 😌 😉 ☺ 🥲 🥹 😺 😸 😹 😻 🤭 😮 😯 😲 🤯 👀
   ❤ ♥ 💛 💚 💙 💜 🖤 🤍 🤎 🩷 🩵 🩶 💕 💞 💓 💗 💖 💘 💝 ❣ 💟 💐 🌹 🌸 🌺 🌻 🌷 💃 🕺 🎯 👂 ▶ 🍻 🥂 🤠 🫂 😽 💋 💮`.split(
    /\s+/,
  ),
);

const COLOURING = new Set(
  '😭 😱 💀 ☠ 😳 🥺 🙃 🤤 🌞 ☀ 🌈 ☕ 🍀 🎈 💡 🧠 📝 ✍ 📌 📚 🙈 🙊 👻 💥 💦 🎶 🎵'.split(' '),
);
