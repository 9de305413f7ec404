// A file system without locks, as NFS without lockd: preloaded, it refuses every lock of a file.
#define _GNU_SOURCE
#include <errno.h>

int flock(int file, int operation)
{
    (void)file, (void)operation;
    errno = ENOLCK;
    return -1;
}
