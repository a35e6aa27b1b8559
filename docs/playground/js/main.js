"use strict";

(async () => {
  try {
    const module = await playground.instantiate(playground.bytesOf(playground.wasm.base64));
    const library = new playground.Library(module), menus = playground.menusOf(library);
    document.getElementById("version").textContent = library.version();
    playground.particles = new playground.Particles(library, menus);
    playground.particles.player.begin();
    playground.garments = new playground.Garments(library, menus);
  } catch (error) {
    const line = document.getElementById("failure");
    line.textContent = `The page could not start: ${error.message}. It needs a browser with WebAssembly SIMD.`;
    line.hidden = false;
    throw error;
  }
})();
