import os

os.makedirs("public", exist_ok=True)
for page in ("index", "history", "errors", "failed-checks"):
    with open(f"public/{page}.html", "w") as file:
        file.write(f"<h1>{page}</h1>\n")
    print("wrote", file.name)
