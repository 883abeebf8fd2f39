// Makes the desk's pages quick: single keys, the next case at once, and news of what others do. Everything works without
// it. What comes from the server comes as documents that were escaped there; nothing here makes markup out of text.
"use strict";
(() => {
  const casePath = /^\/cases\/([0-9a-f-]{36})$/;
  const caseId = () => casePath.exec(location.pathname)?.[1];
  const main = () => document.getElementById("main");
  let upcoming = null;
  let isSending = false;

  // Loading ------------------------------------------------------------------------------------------------------------

  /** A page as a document, without running anything in it. */
  function load(url, body) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open(body === undefined ? "GET" : "POST", url);
      request.responseType = "document";
      if (body !== undefined) request.setRequestHeader("content-type", "application/x-www-form-urlencoded");
      request.onload = () => {
        const at = new URL(request.responseURL || url, location.href);
        resolve({ status: request.status, at, page: request.responseXML });
      };
      request.onerror = () => reject(new Error("no answer"));
      request.send(body);
    });
  }

  function show(page, at) {
    main().replaceWith(document.adoptNode(page.getElementById("main")));
    document.title = page.title;
    if (at && at.href !== location.href) history.pushState(null, "", at.href);
    scrollTo(0, 0);
    news("");
    reveal();
    lookAhead();
  }

  /** What has no use without the script, and times. */
  function reveal() {
    for (const element of document.querySelectorAll("[data-script]")) element.hidden = false;
    tellTimes(document);
  }

  // Times --------------------------------------------------------------------------------------------------------------

  /** As the desk writes them, but for the zone. */
  const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
  const clock = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short", hourCycle: "h23" });
  const hour = new Intl.DateTimeFormat(language, {
    hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short",
  });

  /** In the reader's own time; what the desk wrote, in UTC, is what the pointer is told. */
  function tellTimes(place) {
    for (const element of place.querySelectorAll("time[data-clock]:not([title])")) {
      element.title = element.textContent;
      element.textContent = clock.format(new Date(element.dateTime));
    }
    for (const option of place.querySelectorAll("option[data-hour]")) {
      option.textContent += ` (${hour.format(new Date().setUTCHours(option.value, 0))})`;
      option.removeAttribute("data-hour");
    }
  }

  addEventListener("popstate", () => location.reload());

  // News ---------------------------------------------------------------------------------------------------------------

  /** The page brings the words, in its reader's language. */
  const says = (name) => document.getElementById("news")?.dataset[name] ?? "";

  function news(text, act, label) {
    const place = document.getElementById("news");
    if (!place) return;
    place.hidden = text === "";
    place.replaceChildren(document.createTextNode(text));
    if (!act) return;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", act);
    place.append(" ", button);
  }

  /** After signing in elsewhere: what was typed stays, and goes out with the new session's token. */
  async function takeUpAgain() {
    try {
      const answer = await load(location.href);
      const token = answer.page?.querySelector("main input[name=token], header input[name=token]")?.value;
      if (answer.at.pathname === "/sign-in" || !token) return sessionOver();
      for (const field of document.querySelectorAll("input[name=token]")) field.value = token;
      news(says("again"));
      watch();
    } catch {
      news(says("silent"), takeUpAgain, says("retry"));
    }
  }

  function sessionOver() {
    news(says("over"), takeUpAgain, says("back"));
    const link = document.createElement("a");
    link.href = "/sign-in";
    link.target = "_blank";
    link.rel = "noopener";
    link.textContent = says("signIn");
    document.getElementById("news").append(" ", link);
  }

  // Sending ------------------------------------------------------------------------------------------------------------

  addEventListener("submit", (event) => {
    const form = event.target;
    const url = new URL(form.getAttribute("action") ?? "", location.href);
    if (form.method !== "post" || !caseId() || !url.pathname.startsWith("/cases/") && url.pathname !== "/next") return;
    event.preventDefault();
    if (!isSending) send(form, url, event.submitter);
  });

  async function send(form, url, submitter) {
    const body = new URLSearchParams(new FormData(form, submitter)).toString();
    const before = main();
    const title = document.title;
    isSending = true;
    // The next case is shown at once, and can be worked on when the desk has said that it is ours.
    const early = form.hasAttribute("data-goes-on") ? upcoming : null;
    if (early) {
      const next = early.page.getElementById("main").cloneNode(true);
      next.inert = true;
      tellTimes(next);
      before.replaceWith(next);
      document.title = early.page.title;
      scrollTo(0, 0);
    }
    const back = () => {
      if (main() !== before) main().replaceWith(before);
      document.title = title;
    };
    try {
      const answer = await load(url.href, body);
      if (answer.at.pathname === "/sign-in") {
        back();
        sessionOver();
      } else if (!answer.page?.getElementById("main")) {
        back();
        news(says("refused"));
      } else {
        show(answer.page, answer.status < 400 ? answer.at : null);
        if (answer.status >= 400) main().querySelector("[role=alert]")?.scrollIntoView();
      }
    } catch {
      back();
      news(says("unknown"));
    } finally {
      isSending = false;
    }
  }

  // The next case --------------------------------------------------------------------------------------------------------

  async function lookAhead() {
    upcoming = null;
    const id = caseId();
    if (!id || !document.querySelector("iframe.presence")) return;
    try {
      const rest = new URLSearchParams(location.search);
      rest.delete("after");
      const answer = await load(`/upcoming?besides=${id}${rest.size ? `&${rest}` : ""}`);
      const found = casePath.exec(answer.at.pathname)?.[1];
      if (answer.status === 200 && found && found !== id && caseId() === id) upcoming = { id: found, page: answer.page };
    } catch {
      // It is loaded when it is asked for.
    }
  }

  // What others do -------------------------------------------------------------------------------------------------------

  let stream = null;
  let refreshing = 0;

  function watch() {
    if (stream || document.hidden || !document.querySelector("header form")) return;
    stream = new EventSource("/events");
    stream.addEventListener("review", (event) => hear(JSON.parse(event.data)));
    stream.addEventListener("resync", () => hear({}));
  }

  // Browsers open few connections at once: one that nobody looks at takes none.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      stream?.close();
      stream = null;
    } else {
      watch();
      hear({});
    }
  });

  function hear(change) {
    if (document.getElementById("live") && !refreshing) refreshing = setTimeout(refresh, 400);
    const id = caseId();
    if (!id) return;
    if (!change.caseId || change.caseId === id) lookAtPresence();
    if (upcoming && change.caseId === upcoming.id && !isSending) lookAhead();
  }

  async function refresh() {
    try {
      const answer = await load(location.href);
      const [old, fresh] = [document.getElementById("live"), answer.page?.getElementById("live")];
      if (answer.at.pathname === "/sign-in") return sessionOver();
      if (!old || !fresh) return;
      const focused = old.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
      tellTimes(fresh);
      old.replaceWith(document.adoptNode(fresh));
      if (focused) [...fresh.querySelectorAll("a")].find((link) => link.getAttribute("href") === focused)?.focus();
    } catch {
      // The stream says when the desk is back.
    } finally {
      refreshing = 0;
    }
  }

  /** The line that says who has the case; and whether the page still shows the case as it is. */
  function lookAtPresence() {
    const frame = document.querySelector("iframe.presence");
    if (!frame || isSending) return;
    frame.addEventListener("load", () => {
      const line = frame.contentDocument?.querySelector("main[data-version]");
      if (!line || line.dataset.version === frame.dataset.version) return;
      news(says("changed"), () => location.reload(), says("reload"));
    }, { once: true });
    frame.contentWindow.location.reload();
  }

  // Codes --------------------------------------------------------------------------------------------------------------

  const foundMax = 8;
  let finding = 0;

  addEventListener("input", (event) => {
    if (!event.target.matches("[data-find]")) return;
    clearTimeout(finding);
    finding = setTimeout(() => find(event.target), 150);
  });

  /** Below the field what words or digits in it may mean. */
  async function find(field) {
    const wanted = field.value.trim();
    let found = null;
    if (wanted.length > 1) {
      try {
        const answer = await load(`${field.dataset.find}${encodeURIComponent(wanted)}`);
        found = answer.status === 200 && answer.page?.querySelector("main .codes, main .empty");
      } catch {
        // The code can be typed.
      }
    }
    const place = document.getElementById("found");
    if (!place || !field.isConnected || field.value.trim() !== wanted) return;
    place.replaceChildren(...(found ? [document.adoptNode(found)] : []));
    for (const extra of [...place.querySelectorAll("li")].slice(foundMax)) extra.remove();
    // What is typed in full is only named: the way goes on to the reason.
    if (/^(\d\D*){6,}$/.test(wanted)) for (const link of place.querySelectorAll("a")) link.tabIndex = -1;
  }

  /** A code of six digits is taken; a chapter or heading is opened. */
  addEventListener("click", (event) => {
    const link = event.target.closest?.("#found a.code");
    const field = document.querySelector("[data-find]");
    if (!link || !field || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    field.value = link.textContent;
    if (field.value.replace(".", "").length < 6) {
      field.focus();
      find(field);
    } else {
      document.getElementById("found").replaceChildren();
      field.form.querySelector("textarea")?.focus();
    }
  });

  // Keys ---------------------------------------------------------------------------------------------------------------

  const setting = {
    get isOn() { try { return localStorage.getItem("desk-keys") !== "off"; } catch { return true; } },
    set isOn(value) { try { localStorage.setItem("desk-keys", value ? "on" : "off"); } catch { /* for this page only */ } },
  };

  const isTyping = (element) => element?.matches?.("textarea, select, input:not([type=radio], [type=checkbox])");

  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && isTyping(document.activeElement)) return document.activeElement.blur();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return document.activeElement?.form?.requestSubmit();
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
    if (!setting.isOn || document.querySelector("dialog[open]") || isSending) return;
    if (press(event.key)) event.preventDefault();
  });

  function press(key) {
    if (key === "?") return openHelp();
    if (key === "j" || key === "k") return step(key === "j" ? 1 : -1);
    if (!/^[a-z0-9/]$/.test(key)) return false;
    const target = document.querySelector(`[data-key="${key}"]`);
    if (!target) return false;
    const folded = target.closest("details");
    if (folded) folded.open = true;
    if (target.matches("form")) target.requestSubmit();
    else if (target.matches("button, a")) target.click();
    else {
      if (target.type === "radio") target.checked = true;
      target.focus();
      if (target.matches("input:not([type=radio])")) target.select();
    }
    return true;
  }

  function step(by) {
    const links = [...document.querySelectorAll(".queue .product a")];
    if (links.length === 0) return false;
    const at = links.indexOf(document.activeElement);
    links[Math.min(links.length - 1, Math.max(0, at < 0 ? 0 : at + by))].focus();
    return true;
  }

  function openHelp() {
    const help = document.getElementById("keys");
    if (!help) return false;
    help.querySelector("input").checked = setting.isOn;
    help.showModal();
    return true;
  }

  document.getElementById("keys")?.querySelector("input").addEventListener("change", (event) => {
    setting.isOn = event.target.checked;
  });
  document.getElementById("help")?.addEventListener("click", openHelp);
  reveal();
  watch();
  lookAhead();
})();
