// What the admin does beyond HTML. Without scripts everything works as well, but by typing keys and ticking each row.

// A field that refers to one of many rows offers those whose names hold what is typed.
for (const input of document.querySelectorAll("[data-lookup]")) {
  const choices = document.createElement("datalist");
  choices.id = `${input.id || input.name}-choices`;
  input.after(choices);
  input.setAttribute("list", choices.id);
  let waiting;
  let asked = 0;
  const ask = async () => {
    const number = ++asked;
    const answer = await fetch(`${input.dataset.lookup}?q=${encodeURIComponent(input.value.slice(0, 200))}`);
    if (!answer.ok || number !== asked) return;
    const options = (await answer.json()).map(({ value, label }) => {
      const option = document.createElement("option");
      option.value = value;
      option.label = label;
      option.textContent = label;
      return option;
    });
    choices.replaceChildren(...options);
  };
  input.addEventListener("focus", ask, { once: true });
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 200);
  });
}

// One box ticks all rows of the page, and the bar says how many are.
const boxes = [...document.querySelectorAll("tbody input[name=id]")];
const corner = document.querySelector("thead .corner");
if (corner && boxes.length) {
  const every = document.createElement("input");
  every.type = "checkbox";
  every.setAttribute("aria-label", "Select all rows of this page");
  corner.append(every);
  const said = document.createElement("output");
  document.querySelector(".bar").append(said);
  const count = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    every.checked = ticked === boxes.length;
    every.indeterminate = ticked > 0 && !every.checked;
    said.textContent = `${ticked} of ${boxes.length} selected`;
  };
  every.addEventListener("change", () => {
    for (const box of boxes) box.checked = every.checked;
    count();
  });
  for (const box of boxes) box.addEventListener("change", count);
  count();
}
