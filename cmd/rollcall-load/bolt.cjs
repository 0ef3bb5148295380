// A slash command as an app on Bolt for JavaScript would take it: the signature is checked, the line is stored for good
// (WAL, synchronous FULL), then it is acknowledged.
const [file, signingSecret] = process.argv.slice(2);
const Database = require("better-sqlite3");
const { App } = require("@slack/bolt");

const db = new Database(file);
db.pragma("journal_mode = WAL");
db.pragma("synchronous = FULL");
db.exec("CREATE TABLE event (id INTEGER PRIMARY KEY, incident TEXT NOT NULL, body TEXT NOT NULL)");
const insert = db.prepare("INSERT INTO event (incident, body) VALUES (?, ?)");

const app = new App({
  signingSecret,
  endpoints: "/slack/commands",
  authorize: async () => ({ botToken: "xoxb-load", botId: "B0LOAD", botUserId: "U0BOT" }),
});
app.command("/incident", async ({ command, ack }) => {
  insert.run("INC-1", command.text);
  await ack({ ok: true });
});
app.start({ port: 0, host: "127.0.0.1" }).then((server) => {
  process.stdin.on("end", () => process.exit(0)).resume();
  console.log(`127.0.0.1:${server.address().port}`);
});
