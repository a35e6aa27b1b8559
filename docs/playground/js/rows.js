"use strict";
/* The rows of a plan as a table of numbers. */

playground.LETTERS = ["Y", "F"]; // states, outputs of the network

playground.RowTable = class RowTable {
  constructor(title) {
    this.article = document.getElementById("table-template").content.cloneNode(true).firstElementChild;
    this.article.querySelector("h3").textContent = `Rows of the plan, side ${title}`;
    this.article.querySelector(".scroll").setAttribute("aria-label", `Rows of the plan, side ${title}`);
    this.body = this.article.querySelector("tbody");
    this.text = this.article.querySelector("pre");
    this.now = null;
  }

  signed(number) {
    const size = Math.abs(number), short = size < 1000 && (size === 0 || size >= 0.00005);
    const digits = short ? size.toFixed(4) : size.toExponential(1);
    return `${number < 0 ? "−" : "+"}${digits}`;
  }

  term(factor, letter, index) {
    const span = document.createElement("span"), sub = document.createElement("sub");
    sub.textContent = index;
    span.append(`${this.signed(factor)} ${letter}`, sub);
    return span;
  }

  /* Y i+1 = ..., then what F i is replaced by where the row keeps a form. */
  sum(row, i) {
    const box = document.createElement("div");
    box.className = "sum";
    box.append(...row.terms.map((one) => this.term(one.factor, playground.LETTERS[one.column], one.index)));
    if (row.normals) {
      const noise = document.createElement("span");
      noise.textContent = `${this.signed(row.deviation)} noise`;
      noise.title = `a sum of ${row.normals} normals, of this deviation`;
      box.append(noise);
    }
    if (row.keep) {
      const kept = document.createElement("span"), sub = document.createElement("sub");
      kept.className = "kept";
      sub.textContent = i;
      kept.append("F", sub, " kept as ", this.term(row.keepState, "Y", i), " ", this.term(row.keepOutput, "F", i));
      box.append(kept);
    }
    return box;
  }

  line(row, i) {
    const line = document.createElement("tr");
    for (const value of [String(i), row.u.toFixed(3), row.t.toFixed(3), this.sum(row, i)]) {
      const cell = document.createElement("td");
      cell.append(value);
      line.append(cell);
    }
    return line;
  }

  show(run) {
    const rows = Array.from({ length: run.info().rows }, (_, i) => run.row(i));
    this.positions = rows.map((row) => row.u);
    this.body.replaceChildren(...rows.map((row, i) => this.line(row, i)));
    this.text.textContent = run.text();
    this.now = null;
  }

  /* Marks the row that the particles are in at the position u. */
  mark(u) {
    let now = -1;
    for (let i = 0; i < (this.positions || []).length; i++) {
      now = this.positions[i] <= u + 1e-9 ? i : now;
    }
    if (now !== this.now) {
      this.body.querySelectorAll(".now").forEach((line) => line.classList.remove("now"));
      if (now >= 0 && u < 1) {
        this.body.children[now].classList.add("now");
      }
      this.now = now;
    }
  }
};
