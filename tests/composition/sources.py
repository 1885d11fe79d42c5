"""The static files of the site.

Those in `assets/` have the names, and the manifest is the one, that Vite 8.3 made of such sources.
"""

import json

VITE_MANIFEST = {
    "_greet-HRnAnZit.js": {"file": "assets/greet-HRnAnZit.js", "name": "greet"},
    "src/img/logo.svg": {"file": "assets/logo-BrmHQpsy.svg", "src": "src/img/logo.svg"},
    "src/lazy.js": {
        "file": "assets/lazy-D82RvJVH.js",
        "name": "lazy",
        "src": "src/lazy.js",
        "isDynamicEntry": True,
        "imports": ["_greet-HRnAnZit.js"],
    },
    "src/main.js": {
        "file": "assets/main-DsL6LgYJ.js",
        "name": "main",
        "src": "src/main.js",
        "isEntry": True,
        "imports": ["_greet-HRnAnZit.js"],
        "dynamicImports": ["src/lazy.js"],
        "css": ["assets/main-DSHc3zbt.css"],
        "assets": ["assets/logo-BrmHQpsy.svg"],
    },
}
SOURCES = {
    "css/app.css": "@import url(base.css);\nbody { background: url(../img/logo.png) }\n",
    "css/base.css": "a { color: red }\n" * 50,
    "css/print.css": "img { background: url('../img/logo.png?v=1#x') }\n",
    "img/logo.png": "not really",
    "js/one.js": "globalThis.one = 1;\n",
    "js/two.js": "globalThis.two = one + 1;\n",
    ".vite/manifest.json": json.dumps(VITE_MANIFEST),
    "assets/greet-HRnAnZit.js": "var e=e=>{document.body.dataset.greeted=e};export{e as t};",
    "assets/lazy-D82RvJVH.js": 'import{t as e}from"./greet-HRnAnZit.js";e(`lazy`);',
    "assets/main-DsL6LgYJ.js": (
        'import{t as e}from"./greet-HRnAnZit.js";e(`main`);import(`./lazy-D82RvJVH.js`);'
    ),
    "assets/main-DSHc3zbt.css": "body{background:url(/static/assets/logo-BrmHQpsy.svg)}",
    "assets/logo-BrmHQpsy.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
}
