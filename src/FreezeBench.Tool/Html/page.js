"use strict";
// The page can be read without this: it only adds sorting and the switch between light and dark.
(() => {
  const root = document.documentElement, button = document.getElementById("theme");
  const remembered = value => {
    try { return value === undefined ? localStorage.getItem("freezebench-theme") : localStorage.setItem("freezebench-theme", value); }
    catch { return null; } // Pages from files may have no storage; the switch works without it.
  };
  const dark = () => (root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const show = () => button.setAttribute("aria-pressed", String(dark()));
  const saved = remembered();
  if (saved === "dark" || saved === "light") root.dataset.theme = saved;
  button.hidden = false;
  button.addEventListener("click", () => { root.dataset.theme = dark() ? "light" : "dark"; remembered(root.dataset.theme); show(); });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
  show();

  // Numbers by their value, texts by their letters; what was not measured stays last either way.
  // The number is the cell's own text: signs and bounds are in elements of their own.
  const key = cell => {
    const value = parseFloat([...cell.childNodes].find(node => node.nodeType === Node.TEXT_NODE)?.data);
    return Number.isNaN(value) ? null : value;
  };
  const sort = (table, column, number, direction) => {
    const body = table.tBodies[0], rows = [...body.rows];
    const compare = (one, other) => {
      const [a, b] = [one.cells[column], other.cells[column]];
      if (!number) return direction * (a.textContent < b.textContent ? -1 : a.textContent > b.textContent ? 1 : 0);
      const [x, y] = [key(a), key(b)];
      return x === null || y === null ? (x === null) - (y === null) : direction * (x - y);
    };
    body.append(...rows.sort(compare));
  };
  for (const table of document.querySelectorAll("table.sortable")) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const sorter = document.createElement("button");
      sorter.type = "button";
      sorter.append(...head.childNodes);
      head.append(sorter);
      head.setAttribute("aria-sort", "none");
      sorter.addEventListener("click", () => {
        const ascending = head.getAttribute("aria-sort") !== "ascending";
        heads.forEach(each => each.setAttribute("aria-sort", "none"));
        head.setAttribute("aria-sort", ascending ? "ascending" : "descending");
        sort(table, column, head.classList.contains("n"), ascending ? 1 : -1);
      });
    });
  }
})();
