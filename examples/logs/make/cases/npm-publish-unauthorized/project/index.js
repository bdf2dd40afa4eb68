exports.days = (from, to) => Math.round((to - from) / 864e5);
