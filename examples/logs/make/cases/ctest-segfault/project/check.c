#include <stdio.h>
#include <string.h>

struct node {
    struct node *next;
    int value;
};

static int last_value(const struct node *node)
{
    while (node->next->next)
        node = node->next;
    return node->next->value;
}

int main(int argc, char **argv)
{
    struct node second = {NULL, 2}, first = {&second, 1};
    printf("checking %s\n", argc > 1 ? argv[1] : "nothing");
    fflush(stdout);
    if (argc > 1 && !strcmp(argv[1], "walk_empty_tail"))
        return last_value(&second);
    return last_value(&first) != 2;
}
