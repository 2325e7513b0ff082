// What agents and supervisors need.
import "./words.js";
import "./theme.js";
import "./times.js";
import "./toast.js";
import "./dialogs.js";
import "./combobox.js";
import "./menus.js";
import "./tabs.js";
import "./copy.js";
import "./drafts.js";
import "./failures.js";
import "./uploads.js";
import "./live.js";
import "./live-elements.js";
import "./palette.js";
import "./shortcuts.js";
import "./rail.js";
