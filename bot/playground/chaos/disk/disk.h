#ifndef ROLLCALL_DISK_H
#define ROLLCALL_DISK_H

/* Kinds of what is written down. */
enum { DISK_OPEN = 1, DISK_WRITE, DISK_TRUNCATE, DISK_SYNC, DISK_REMOVE };

int disk_install(void);
void disk_record(int on);
void disk_weaken(int on);
/* The nth operation from now on that changes the disk fails, and with sticky all after it; 0 for none. */
void disk_fail_at(long long n, int no_space, int sticky);
int disk_failed(void);
long long disk_operations(void);
/* The record so far; the caller must not use the disk meanwhile. */
const void *disk_trace(long long *size);

#endif
