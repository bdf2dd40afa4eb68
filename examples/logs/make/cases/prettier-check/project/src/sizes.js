exports.sizes = [12,14 , 16]
