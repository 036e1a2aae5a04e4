// The sign-in window has done its work: it tells the window with the text, and closes, unless somebody else has signed in.

new BroadcastChannel("staff-session").postMessage("signed in");
if (document.currentScript.dataset.closes) window.close();
