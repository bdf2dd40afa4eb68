def rows(n):
    return [row for row in range(n)


def sow(n):
    return len(rows(n))
