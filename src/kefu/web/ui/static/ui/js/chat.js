// What the chat window needs.
import "./words.js";
import "./times.js";
import "./toast.js";
import "./dialogs.js";
import "./menus.js";
import "./drafts.js";
import "./shield.js";
import "./failures.js";
import "./uploads.js";
import "./live.js";
import "./live-elements.js";
