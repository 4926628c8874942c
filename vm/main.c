/* SPDX-License-Identifier: MIT */
/* main.c - the command. */
int main(void)
{
    return 0;
}
