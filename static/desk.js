// Optional comforts of the forms. Everything works without them.

// A busy state while an answer is on its way, and Ctrl+Enter to send.
for (const form of document.querySelectorAll("form[data-busy]")) {
  const button = form.querySelector("button.primary");
  const words = button.textContent;
  form.addEventListener("submit", () => {
    form.setAttribute("aria-busy", "true");
    button.textContent = form.dataset.busy;
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit(button);
  });
  // A page that comes back from the browser's memory is not busy.
  window.addEventListener("pageshow", () => {
    form.removeAttribute("aria-busy");
    button.textContent = words;
  });
}

// How long a text is, beside how long it may be.
for (const counter of document.querySelectorAll("[data-counts]")) {
  const field = document.getElementById(counter.dataset.counts);
  const most = Number(counter.dataset.most);
  const count = () => {
    const characters = field.value.length.toLocaleString("en");
    counter.textContent = `${characters} of ${most.toLocaleString("en")} characters.`;
    counter.classList.toggle("too-many", field.value.length > most);
  };
  field.addEventListener("input", count);
  window.addEventListener("pageshow", count);
}

// Suggestions also for the second and third genre of a list with commas.
for (const field of document.querySelectorAll("input[name=genres][list], input[name=add][list]")) {
  const names = Array.from(field.list.options, (option) => option.value);
  field.addEventListener("input", () => {
    const before = field.value.slice(0, field.value.lastIndexOf(",") + 1);
    const lead = before ? `${before} ` : "";
    field.list.replaceChildren(...names.map((name) => new Option("", lead + name)));
  });
}

// A page that answers at once stands at the answer's own address, so that it can be reloaded.
const address = document.querySelector("main [data-address]");
if (address) history.replaceState(null, "", address.dataset.address);
