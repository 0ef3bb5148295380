// The emoji that the bot and people of the playground use, by Slack's names.

const names = {
  "+1": "👍", "-1": "👎", alarm_clock: "⏰", arrow_right: "➡️", ballot_box_with_check: "☑️", bar_chart: "📊", bell: "🔔",
  black_square_button: "🔲", bookmark: "🔖", books: "📚", bug: "🐛", bulb: "💡", busts_in_silhouette: "👥",
  bust_in_silhouette: "👤", calendar: "📆", chart_with_upwards_trend: "📈", clipboard: "📋", clock1: "🕐", construction: "🚧",
  crown: "👑", dart: "🎯", email: "📧", eyes: "👀", exclamation: "❗", fast_forward: "⏩", fire: "🔥",
  fire_engine: "🚒", firefighter: "🧑‍🚒", flashlight: "🔦", green_heart: "💚", grey_question: "❔", grey_exclamation: "❕", hammer: "🔨",
  hammer_and_wrench: "🛠️", handshake: "🤝", heavy_check_mark: "✔️", heavy_minus_sign: "➖", heavy_plus_sign: "➕", hourglass: "⌛",
  hourglass_flowing_sand: "⏳", inbox_tray: "📥", incoming_envelope: "📨", information_source: "ℹ️", label: "🏷️",
  large_blue_circle: "🔵", large_green_circle: "🟢", large_orange_circle: "🟠", large_yellow_circle: "🟡", link: "🔗", lock: "🔒",
  loudspeaker: "📢", mag: "🔍", mailbox: "📫", mega: "📣", memo: "📝", mute: "🔇", no_bell: "🔕", no_entry: "⛔",
  no_entry_sign: "🚫", ok_hand: "👌", page_facing_up: "📄", pager: "📟", paperclip: "📎", pencil: "📝", pencil2: "✏️", phone: "☎️",
  point_right: "👉", pushpin: "📌", question: "❓", rabbit: "🐇", raised_hand: "✋", recycle: "♻️", red_circle: "🔴",
  repeat: "🔁", rewind: "⏪", rocket: "🚀", rotating_light: "🚨", round_pushpin: "📍", scales: "⚖️", scroll: "📜", shield: "🛡️",
  siren: "🚨", slack: "💬", sos: "🆘", sparkles: "✨", speech_balloon: "💬", star: "⭐", stopwatch: "⏱️", tada: "🎉",
  telephone: "☎️", telephone_receiver: "📞", thinking_face: "🤔", thread: "🧵", timer_clock: "⏲️", twisted_rightwards_arrows: "🔀",
  unlock: "🔓", video_camera: "📹", warning: "⚠️", wastebasket: "🗑️", wave: "👋", white_check_mark: "✅", white_circle: "⚪",
  wrench: "🔧", writing_hand: "✍️", x: "❌", zap: "⚡", zzz: "💤",
};

export const emoji = (name) => names[name] ?? `:${name}:`;

// common are offered as reactions; the first two mean something to the bot.
export const common = ["pushpin", "ballot_box_with_check", "eyes", "white_check_mark", "+1", "tada"];
