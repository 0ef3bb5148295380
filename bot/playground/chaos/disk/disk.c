/* A layer between SQLite and the system's files. It passes everything on, writes down what changes a file and what is
   synced, and fails on demand. */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "disk.h"
#include "sqlite_abi.h"

typedef struct {
	abi_file base;
	int id;   /* of the file's present inode; 0 for one that is not followed */
	int kind; /* flags that it was opened with */
	abi_file *real;
} file;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER; /* guards all that follows */
static abi_vfs *under, layer;
static abi_methods methods;
static char *trace;
static long long trace_size, trace_room, operations, fail_in;
static int recording, weak, fail_no_space, fail_sticky, failing, failures;

enum { MOST_FILES = 4096, LONGEST_NAME = 512 };
static struct { char name[LONGEST_NAME]; int live; } files[MOST_FILES];
static int file_count;

static void put(const void *data, long long n) {
	if (trace_size + n > trace_room) {
		long long room = (trace_size + n) * 2 + 4096;
		char *more = realloc(trace, room);
		if (more == NULL) abort();
		trace = more, trace_room = room;
	}
	memcpy(trace + trace_size, data, n);
	trace_size += n;
}

/* note writes an operation down: kind, file, offset or flag, length, data. */
static void note(int kind, int id, long long at, const void *data, int n) {
	operations++;
	if (!recording || id == 0) return;
	int head[2] = {kind, id};
	put(head, sizeof head);
	put(&at, sizeof at);
	put(&operations, sizeof operations);
	put(&n, sizeof n);
	if (n > 0) put(data, n);
}

/* failure says whether this operation fails. It is called with the mutex held. */
static int failure(void) {
	if (failing) { failures++; return 1; }
	if (fail_in == 0 || --fail_in > 0) return 0;
	failing = fail_sticky;
	failures++;
	return 1;
}

static abi_file *real(abi_file *f) { return ((file *)f)->real; }

static int on_close(abi_file *f) {
	int rc = real(f)->methods ? real(f)->methods->close(real(f)) : ABI_OK;
	return rc;
}
static int on_read(abi_file *f, void *to, int n, abi_int64 at) { return real(f)->methods->read(real(f), to, n, at); }

static int on_write(abi_file *f, const void *from, int n, abi_int64 at) {
	pthread_mutex_lock(&mutex);
	if (failure()) { /* half of it gets there, as it may on a disk that is full */
		int half = n / 2, rc = fail_no_space ? ABI_FULL : ABI_IOERR_WRITE;
		if (half > 0 && real(f)->methods->write(real(f), from, half, at) == ABI_OK) note(DISK_WRITE, ((file *)f)->id, at, from, half);
		pthread_mutex_unlock(&mutex);
		return rc;
	}
	int rc = real(f)->methods->write(real(f), from, n, at);
	if (rc == ABI_OK) note(DISK_WRITE, ((file *)f)->id, at, from, n);
	pthread_mutex_unlock(&mutex);
	return rc;
}

static int on_truncate(abi_file *f, abi_int64 size) {
	pthread_mutex_lock(&mutex);
	int rc = failure() ? ABI_IOERR_TRUNCATE : real(f)->methods->truncate(real(f), size);
	if (rc == ABI_OK) note(DISK_TRUNCATE, ((file *)f)->id, size, NULL, 0);
	pthread_mutex_unlock(&mutex);
	return rc;
}

static int on_sync(abi_file *f, int flags) {
	pthread_mutex_lock(&mutex);
	int rc = failure() ? ABI_IOERR_FSYNC : real(f)->methods->sync(real(f), flags);
	/* SQLite's own layer syncs the folder too when it first syncs a log that it has made. */
	if (rc == ABI_OK) note(DISK_SYNC, ((file *)f)->id, (((file *)f)->kind & (ABI_WAL | ABI_MAIN_JOURNAL)) != 0, NULL, 0);
	pthread_mutex_unlock(&mutex);
	return rc;
}

static int on_size(abi_file *f, abi_int64 *n) { return real(f)->methods->size(real(f), n); }
static int on_lock(abi_file *f, int l) { return real(f)->methods->lock(real(f), l); }
static int on_unlock(abi_file *f, int l) { return real(f)->methods->unlock(real(f), l); }
static int on_reserved(abi_file *f, int *out) { return real(f)->methods->reserved(real(f), out); }

/* on_control sees each pragma before SQLite does: a weakened disk is one whose user chose synchronous NORMAL. */
static int on_control(abi_file *f, int op, void *arg) {
	if (op == ABI_CONTROL_PRAGMA && weak) {
		char **words = arg;
		if (words[1] != NULL && words[2] != NULL && strcmp(words[1], "synchronous") == 0 && strlen(words[2]) >= 1) strcpy(words[2], "1");
	}
	return real(f)->methods->control(real(f), op, arg);
}

static int on_sector(abi_file *f) { return real(f)->methods->sector(real(f)); }
static int on_device(abi_file *f) { return real(f)->methods->device(real(f)); }

static int on_shm_map(abi_file *f, int page, int size, int extend, void volatile **to) {
	if (extend) {
		pthread_mutex_lock(&mutex);
		int failed = failing; /* only while the disk is full: most calls map what is there */
		pthread_mutex_unlock(&mutex);
		if (failed && page > 0) { *to = NULL; return ABI_IOERR_SHMSIZE; }
	}
	return real(f)->methods->shm_map(real(f), page, size, extend, to);
}
static int on_shm_lock(abi_file *f, int at, int n, int flags) { return real(f)->methods->shm_lock(real(f), at, n, flags); }
static void on_shm_barrier(abi_file *f) { real(f)->methods->shm_barrier(real(f)); }
static int on_shm_unmap(abi_file *f, int del) { return real(f)->methods->shm_unmap(real(f), del); }
static int on_fetch(abi_file *f, abi_int64 at, int n, void **to) { return real(f)->methods->fetch(real(f), at, n, to); }
static int on_unfetch(abi_file *f, abi_int64 at, void *p) { return real(f)->methods->unfetch(real(f), at, p); }

/* find is the number of the inode that a name stands for; made when there is none. It is called with the mutex held. */
static int find(const char *name, int make) {
	for (int n = file_count; n > 0; n--)
		if (files[n].live && strcmp(files[n].name, name) == 0) return n;
	if (!make || file_count + 1 >= MOST_FILES || strlen(name) >= LONGEST_NAME) return 0;
	strcpy(files[++file_count].name, name);
	files[file_count].live = 1;
	return file_count;
}

static int on_open(abi_vfs *v, const char *name, abi_file *f, int flags, int *out) {
	file *mine = (file *)f;
	mine->base.methods = NULL;
	mine->real = (abi_file *)(mine + 1);
	mine->id = 0, mine->kind = flags;
	mine->real->methods = NULL;
	int rc = under->open(under, name, mine->real, flags, out);
	if (mine->real->methods != NULL) mine->base.methods = &methods;
	if (rc == ABI_OK && name != NULL && (flags & (ABI_MAIN_DB | ABI_MAIN_JOURNAL | ABI_WAL))) {
		pthread_mutex_lock(&mutex);
		int known = find(name, 0);
		mine->id = known ? known : find(name, 1);
		if (!known) note(DISK_OPEN, mine->id, 0, name, (int)strlen(name));
		pthread_mutex_unlock(&mutex);
	}
	return rc;
}

static int on_remove(abi_vfs *v, const char *name, int sync) {
	int rc = under->remove(under, name, sync);
	if (rc == ABI_OK) {
		pthread_mutex_lock(&mutex);
		int id = find(name, 0);
		if (id) {
			files[id].live = 0;
			note(DISK_REMOVE, id, sync, NULL, 0);
		}
		pthread_mutex_unlock(&mutex);
	}
	return rc;
}

static int on_access(abi_vfs *v, const char *name, int flags, int *out) { return under->access(under, name, flags, out); }
static int on_full_path(abi_vfs *v, const char *name, int n, char *out) { return under->full_path(under, name, n, out); }
static void *on_dl_open(abi_vfs *v, const char *name) { return under->dl_open(under, name); }
static void on_dl_error(abi_vfs *v, int n, char *out) { under->dl_error(under, n, out); }
static void (*on_dl_sym(abi_vfs *v, void *h, const char *name))(void) { return under->dl_sym(under, h, name); }
static void on_dl_close(abi_vfs *v, void *h) { under->dl_close(under, h); }
static int on_randomness(abi_vfs *v, int n, char *out) { return under->randomness(under, n, out); }
static int on_sleep(abi_vfs *v, int us) { return under->sleep(under, us); }
static int on_time(abi_vfs *v, double *out) { return under->time(under, out); }
static int on_time64(abi_vfs *v, abi_int64 *out) { return under->time64(under, out); }

static int on_last_error(abi_vfs *v, int n, char *out) {
	pthread_mutex_lock(&mutex);
	int code = failing || failures ? (fail_no_space ? ENOSPC : EIO) : 0;
	pthread_mutex_unlock(&mutex);
	return code ? code : under->last_error(under, n, out);
}

int disk_install(void) {
	under = sqlite3_vfs_find(NULL);
	if (under == NULL) return 1;
	methods = (abi_methods){
		3, on_close, on_read, on_write, on_truncate, on_sync, on_size, on_lock, on_unlock, on_reserved, on_control, on_sector,
		on_device, on_shm_map, on_shm_lock, on_shm_barrier, on_shm_unmap, on_fetch, on_unfetch,
	};
	layer = (abi_vfs){
		2, (int)sizeof(file) + under->file_size, under->longest_path, NULL, "rollcall-disk", NULL, on_open, on_remove, on_access,
		on_full_path, on_dl_open, on_dl_error, on_dl_sym, on_dl_close, on_randomness, on_sleep, on_time, on_last_error, on_time64,
		NULL, NULL, NULL,
	};
	return sqlite3_vfs_register(&layer, 1);
}

void disk_record(int on) {
	pthread_mutex_lock(&mutex);
	recording = on;
	if (on) {
		trace_size = 0, operations = 0;
		for (int n = 1; n <= file_count; n++) files[n].live = 0;
	}
	pthread_mutex_unlock(&mutex);
}

void disk_weaken(int on) {
	pthread_mutex_lock(&mutex);
	weak = on;
	pthread_mutex_unlock(&mutex);
}

void disk_fail_at(long long n, int no_space, int sticky) {
	pthread_mutex_lock(&mutex);
	fail_in = n, fail_no_space = no_space, fail_sticky = sticky, failing = 0, failures = 0;
	pthread_mutex_unlock(&mutex);
}

int disk_failed(void) {
	pthread_mutex_lock(&mutex);
	int n = failures;
	pthread_mutex_unlock(&mutex);
	return n;
}

long long disk_operations(void) {
	pthread_mutex_lock(&mutex);
	long long n = operations;
	pthread_mutex_unlock(&mutex);
	return n;
}

const void *disk_trace(long long *size) {
	pthread_mutex_lock(&mutex);
	*size = trace_size;
	const void *all = trace;
	pthread_mutex_unlock(&mutex);
	return all;
}
