import os

pages = []
for n in range(200):
    path = f"page-{n:03d}.html"
    with open(path, "w") as file:
        file.write("<p>page</p>\n")
    pages.append(open(path))
    print("ok", path)
print(sum(len(page.read()) for page in pages))
