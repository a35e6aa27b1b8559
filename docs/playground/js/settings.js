"use strict";
/* The form of one side: schedule, k, solver, grid, evaluations. */

playground.SOLVER_GROUPS = { ode: "k = 0: the flow", sde: "any k", own: "k = 0, noise of its own" };

/* The menus' contents, found out once: what the library refuses with these networks is not offered. */
playground.menusOf = function menusOf(library) {
  const linear = library.find("schedule", "linear"), time = library.find("grid", "time");
  const euler = library.find("solver", "euler");
  const schedules = library.list("schedule").filter((entry) => library.solverKind(entry.id, euler, time) !== null);
  const grids = library.list("grid").filter((entry) => library.solverKind(linear, euler, entry.id) !== null);
  const solvers = library.list("solver").map(
    (entry) => ({ ...entry, kind: library.solverKind(linear, entry.id, time) }));
  return { schedule: schedules, grid: grids, solver: solvers.filter((entry) => entry.kind !== null) };
};

playground.option = function option(entry) {
  const made = document.createElement("option");
  made.value = entry.id;
  made.textContent = entry.name;
  return made;
};

playground.Settings = class Settings {
  /* start: {schedule, solver, grid: names, evaluations, k}. Calls changed() after every change. */
  constructor(menus, start, title, changed) {
    this.menus = menus;
    this.form = document.getElementById("settings-template").content.cloneNode(true).firstElementChild;
    this.form.setAttribute("aria-label", `Settings of ${title}`);
    this.changed = changed;
    this.fill();
    this.set(start);
    this.form.addEventListener("input", () => this.react());
    this.form.addEventListener("submit", (event) => event.preventDefault());
  }

  field(name) {
    return this.form.elements.namedItem(name);
  }

  fill() {
    for (const list of ["schedule", "grid"]) {
      this.field(list).append(...this.menus[list].map(playground.option));
    }
    for (const [kind, label] of Object.entries(playground.SOLVER_GROUPS)) {
      const group = document.createElement("optgroup");
      group.label = label;
      group.append(...this.menus.solver.filter((entry) => entry.kind === kind).map(playground.option));
      this.field("solver").append(group);
    }
  }

  set(values) {
    for (const [name, value] of Object.entries(values)) {
      const entry = this.menus[name] && this.menus[name].find((one) => one.name === value);
      this.field(name).value = entry ? entry.id : value;
    }
    this.tidy();
  }

  get() {
    const value = {};
    for (const name of ["schedule", "solver", "grid", "evaluations", "k"]) {
      value[name] = Number(this.field(name).value);
    }
    return value;
  }

  solverKind(id) {
    return this.menus.solver.find((entry) => entry.id === id).kind;
  }

  solverName() {
    const id = this.get().solver;
    return this.menus.solver.find((entry) => entry.id === id).name;
  }

  /* Above k = 0 only the solvers for it are there to choose; the one before comes back with k = 0. */
  tidy() {
    const solver = this.field("solver"), { k, evaluations } = this.get();
    this.field("k-value").value = k.toFixed(2);
    this.field("evaluations-value").value = evaluations;
    solver.querySelectorAll("optgroup").forEach((group) => {
      group.disabled = k > 0 && group.label !== playground.SOLVER_GROUPS.sde;
    });
    if (k > 0 && this.solverKind(Number(solver.value)) !== "sde") {
      this.before = solver.value;
      solver.value = this.menus.solver.find((entry) => entry.name === "euler-maruyama").id;
    } else if (k === 0 && this.before) {
      solver.value = this.before;
      this.before = null;
    }
  }

  react() {
    if (document.activeElement === this.field("solver")) {
      this.before = null;
    }
    this.tidy();
    this.changed();
  }
};
