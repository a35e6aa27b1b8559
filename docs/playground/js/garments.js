"use strict";
/* The second half of the page: the shipped network, two sides of ten garments each. */

playground.CLASSES = ["T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "boot"];
playground.GARMENTS = 10;
playground.ACROSS = 5; // garments in a row of the picture
playground.EDGE = 28; // pixels of one

playground.GarmentSide = class GarmentSide {
  constructor(title, settings, place) {
    this.settings = settings;
    this.element = document.getElementById("garments-template").content.cloneNode(true).firstElementChild;
    this.element.querySelector("h3").textContent = title;
    this.element.querySelector(".stage").after(settings.form);
    this.canvas = this.element.querySelector("canvas");
    this.canvas.setAttribute("role", "img");
    this.canvas.setAttribute("aria-label", `Garments of ${title}`);
    this.context = this.canvas.getContext("2d");
    place.append(this.element);
  }

  put(name, text) {
    this.element.querySelector(`dd[name="${name}"]`).textContent = text;
  }

  problem(text) {
    const line = this.element.querySelector(".problem");
    line.textContent = text || "";
    line.hidden = !text;
  }

  draw(pixels) {
    const edge = playground.EDGE, image = this.context.createImageData(edge, edge);
    for (let i = 0; i < pixels.length / (edge * edge); i++) {
      for (let j = 0; j < edge * edge; j++) {
        image.data.fill(pixels[i * edge * edge + j], 4 * j, 4 * j + 3);
        image.data[4 * j + 3] = 255;
      }
      this.context.putImageData(image, i % playground.ACROSS * edge, Math.floor(i / playground.ACROSS) * edge);
    }
  }

  receive(message) {
    if (message.problem) {
      this.problem(message.problem);
    }
    if (message.pixels) {
      this.draw(message.pixels);
      this.put("cost", `${message.row} of ${message.rows}`);
    }
    if (message.rms !== undefined) {
      this.put("rms", message.rms.toFixed(4));
    }
  }
};

playground.Garments = class Garments {
  constructor(library, menus) {
    this.library = library;
    this.status = document.getElementById("garments-status");
    const label = document.getElementById("label");
    label.append(playground.option({ id: -1, name: "one of each" }),
                 ...playground.CLASSES.map((name, id) => playground.option({ id, name })));
    const starts = [
      { schedule: "linear", solver: "euler", grid: "time", evaluations: 6, k: 0 },
      { schedule: "lazy", solver: "ab2", grid: "time", evaluations: 6, k: 0 },
    ];
    this.sides = starts.map((start, i) => {
      const title = `Garments ${"AB"[i]}`;
      return new playground.GarmentSide(title, new playground.Settings(menus, start, title, () => this.again()),
                                        document.getElementById("garments-sides"));
    });
    this.request = 0;
    this.finished = 0; // the last request whose garments are all there
    this.engine = null;
    this.listen();
  }

  listen() {
    document.getElementById("make").addEventListener("click", () => this.make());
    document.getElementById("garments-shared").addEventListener("input", () => this.again());
    document.getElementById("garments-shared").addEventListener("submit", (event) => event.preventDefault());
    const seen = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) {
        seen.disconnect();
        this.make();
      }
    });
    seen.observe(document.getElementById("garments-sides"));
  }

  again() {
    clearTimeout(this.timer); // a slider that moves asks many times
    this.timer = setTimeout(() => this.make(), 120);
  }

  /* The weights are a script of 2.4 MB, loaded when they are first needed. */
  loadWeights() {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = "built/garments.js";
      script.onload = resolve;
      script.onerror = () => reject(new Error("built/garments.js is missing"));
      document.head.append(script);
    });
  }

  async startEngine() {
    this.status.value = "Loading the network…";
    await this.loadWeights();
    const data = { wasm: playground.wasm.base64, weights: playground.weights, capacity: playground.GARMENTS };
    return playground.startEngine(data, (message) => this.receive(message));
  }

  job() {
    const value = (id) => Number(document.getElementById(id).value);
    return {
      request: ++this.request, label: value("label"), guess: value("guess"), count: playground.GARMENTS,
      seed: Math.max(0, Math.floor(value("garments-seed") || 0)), sides: this.sides.map((side) => side.settings.get()),
      reference: { schedule: this.library.find("schedule", "linear"), solver: this.library.find("solver", "rk4"),
                   grid: this.library.find("grid", "time"), k: 0 },
    };
  }

  async make() {
    const job = this.job();
    try {
      this.engine = this.engine || this.startEngine();
      const engine = await this.engine;
      if (job.request !== this.request) {
        return;
      }
      for (const side of this.sides) {
        side.problem(null);
        side.put("rms", "…");
      }
      this.began = performance.now();
      this.status.value = "Making garments…";
      engine.make(job);
    } catch (error) {
      this.engine = null;
      this.status.value = `This does not work here: ${error.message}`;
    }
  }

  receive(message) {
    if (message.request !== this.request) {
      return;
    }
    if (message.side !== undefined) {
      const side = this.sides[message.side], settings = side.settings;
      const kind = settings.solverKind(settings.get().solver);
      const noisy = settings.get().k > 0 || kind === "own";
      side.receive(message.rms !== undefined && noisy ? { rms: undefined } : message);
      if (message.rms !== undefined && noisy) {
        side.put("rms", "– (noise)");
      }
    }
    if (message.made) {
      this.finished = message.request;
      this.status.value = `${((performance.now() - this.began) / 1000).toFixed(2)} s for both sides`;
    }
  }
};
