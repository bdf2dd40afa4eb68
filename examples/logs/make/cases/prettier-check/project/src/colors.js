exports.colors = {error:'#c00', ok : '#0a0'}
