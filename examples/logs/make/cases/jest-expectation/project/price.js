const signs = { EUR: "$", USD: "$", GBP: "£" };

exports.format = (amount, currency) => `${signs[currency]}${amount.toFixed(2)}`;
