"use strict";
/* The garments' side of the page that computes. It stands alone: the worker gets it as text, together with the two
 * functions that it is given; where there are no workers the page runs it itself, a row at a time. */

/* post(message) is called with {request, side, row, rows, pixels}, {request, side, rms}, {request, side, problem} and
 * {request, done}. Returns {load(data), make(job)}. */
playground.garmentsEngine = function garmentsEngine(tools, post) {
  const PIXELS = 784, REFERENCE_EVALUATIONS = 64, MEAN = 0.286, DEVIATION = 0.353, EVALUATE = 1;
  let module = null, at = 0, current = 0;
  const references = new Map(); // by what they depend on

  async function load({ wasm, weights, capacity }) {
    module = await tools.instantiate(tools.bytesOf(wasm));
    const file = tools.unpackWeights(weights, tools.bytesOf(weights.base64));
    const place = module.exports.malloc(file.length);
    module.bytes(place, file.length).set(file);
    at = module.exports.garments_new(place, file.length, capacity);
    module.exports.free(place);
    if (!at) {
      throw new Error("the weights cannot be read");
    }
  }

  function begin(settings, job) {
    const { schedule, solver, grid, evaluations, k } = settings;
    const status = module.exports.garments_begin(at, schedule, solver, grid, evaluations, k, job.label, job.seed,
                                                 job.count);
    return status ? module.text(module.exports.garments_message(at)) || "these settings are refused" : null;
  }

  function values(guess, count) {
    return module.floats(module.exports.garments_pictures(at, guess), count * PIXELS);
  }

  function grey(from) {
    return Uint8ClampedArray.from(from, (value) => 255 - 255 * (value * DEVIATION + MEAN));
  }

  /* Lets other messages in. */
  function breathe() {
    return new Promise((resolve) => setTimeout(resolve, 0));
  }

  /* Runs to the end, or until there is a newer request; then null. */
  async function run(job, each) {
    for (let more = EVALUATE; more === EVALUATE;) {
      more = module.exports.garments_row(at);
      each(module.exports.garments_done(at), more);
      await breathe();
      if (job.request !== current) {
        return null;
      }
      if (more < 0) {
        return null;
      }
    }
    return values(0, job.count).slice();
  }

  async function makeSide(job, side) {
    const settings = job.sides[side], problem = begin(settings, job);
    if (problem) {
      post({ request: job.request, side, problem });
      return null;
    }
    return run(job, (row, more) => {
      const pixels = grey(values(more === EVALUATE ? job.guess : 0, job.count));
      post({ request: job.request, side, row, rows: module.exports.garments_rows(at), pixels });
    });
  }

  async function reference(job) {
    const key = [job.label, job.seed, job.count].join(" ");
    if (!references.has(key) && !begin({ ...job.reference, evaluations: REFERENCE_EVALUATIONS }, job)) {
      const ends = await run(job, () => {});
      if (ends) {
        references.set(key, ends);
      }
    }
    return references.get(key) || null;
  }

  function rms(a, b) {
    return Math.sqrt(a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0) / a.length);
  }

  /* job: {request, sides: [settings], label, seed, count, guess, reference: settings without evaluations} */
  async function make(job) {
    current = job.request;
    const ends = [];
    for (let side = 0; side < job.sides.length && job.request === current; side++) {
      ends.push(await makeSide(job, side));
    }
    post({ request: job.request, made: true });
    const converged = job.request === current && await reference(job);
    if (converged) {
      ends.forEach((end, side) => end && post({ request: job.request, side, rms: rms(end, converged) }));
      post({ request: job.request, done: true });
    }
  }

  return { load, make };
};

/* Starts the engine in a worker where that works, or here. Resolves to {make(job), where}. */
playground.startEngine = async function startEngine(data, receive) {
  const tools = ["bytesOf", "instantiate", "unpackWeights"];
  const source = `"use strict";
    const tools = { ${tools.map((name) => `${name}: ${playground[name]}`).join(",\n")} };
    const engine = (${playground.garmentsEngine})(tools, (message) => postMessage(message));
    onmessage = async ({ data }) => {
      try {
        await engine[data.call](data.value);
        postMessage({ call: data.call });
      } catch (error) {
        postMessage({ call: data.call, failure: String(error) });
      }
    };`;
  try {
    return await playground.workerEngine(source, data, receive);
  } catch (error) {
    const engine = playground.garmentsEngine(playground, receive);
    await engine.load(data);
    return { make: engine.make, where: "page" };
  }
};

playground.workerEngine = function workerEngine(source, data, receive) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
    worker.onerror = (event) => reject(new Error(event.message));
    worker.onmessage = ({ data: message }) => {
      if (message.failure) {
        reject(new Error(message.failure));
      } else if (message.call === "load") {
        resolve({ make: (job) => worker.postMessage({ call: "make", value: job }), where: "worker" });
      } else if (!message.call) {
        receive(message);
      }
    };
    worker.postMessage({ call: "load", value: data });
  });
};
