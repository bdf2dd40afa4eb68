let prefix = "notes-api";

function info(message) {
  console.log(prefix, message);
}

module.exports = { info };
