// Optional: puts a "Copy" button beside what may be copied. Everything works without it.
for (const source of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  button.setAttribute("aria-label", `Copy ${source.dataset.copy}`);
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(source.textContent.trim());
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  });
  source.after(button);
}

// And makes each hex of a list a button that copies itself.
for (const source of document.querySelectorAll("[data-copy-itself]")) {
  if (!navigator.clipboard) break;
  const code = source.textContent.trim();
  const button = document.createElement("button");
  button.type = "button";
  button.className = `${source.className} copies`;
  button.textContent = code;
  button.setAttribute("aria-label", `Copy ${code}`);
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(code);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = code; }, 1500);
  });
  source.replaceWith(button);
}
