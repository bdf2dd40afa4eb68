#include <stdio.h>

int main(void)
{
    static const char *const names[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    static const int n_days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    for (int month = 0; month < 12; month++)
        for (int day = 1; day <= n_days[month]; day++)
            printf("%02d %s\n", day, names[month]);
    return 0;
}
