/* What is needed of SQLite's public interface to virtual file systems (sqlite.org/c3ref/vfs.html). Its layout is promised
   to stay; the driver's own header is not within reach of another package. */
#ifndef ROLLCALL_SQLITE_ABI_H
#define ROLLCALL_SQLITE_ABI_H

typedef long long abi_int64;
typedef struct abi_file abi_file;
typedef struct abi_methods abi_methods;
typedef struct abi_vfs abi_vfs;

struct abi_file { const abi_methods *methods; };

struct abi_methods {
	int version;
	int (*close)(abi_file *);
	int (*read)(abi_file *, void *, int, abi_int64);
	int (*write)(abi_file *, const void *, int, abi_int64);
	int (*truncate)(abi_file *, abi_int64);
	int (*sync)(abi_file *, int);
	int (*size)(abi_file *, abi_int64 *);
	int (*lock)(abi_file *, int);
	int (*unlock)(abi_file *, int);
	int (*reserved)(abi_file *, int *);
	int (*control)(abi_file *, int, void *);
	int (*sector)(abi_file *);
	int (*device)(abi_file *);
	int (*shm_map)(abi_file *, int, int, int, void volatile **);
	int (*shm_lock)(abi_file *, int, int, int);
	void (*shm_barrier)(abi_file *);
	int (*shm_unmap)(abi_file *, int);
	int (*fetch)(abi_file *, abi_int64, int, void **);
	int (*unfetch)(abi_file *, abi_int64, void *);
};

struct abi_vfs {
	int version;
	int file_size;
	int longest_path;
	abi_vfs *next;
	const char *name;
	void *data;
	int (*open)(abi_vfs *, const char *, abi_file *, int, int *);
	int (*remove)(abi_vfs *, const char *, int);
	int (*access)(abi_vfs *, const char *, int, int *);
	int (*full_path)(abi_vfs *, const char *, int, char *);
	void *(*dl_open)(abi_vfs *, const char *);
	void (*dl_error)(abi_vfs *, int, char *);
	void (*(*dl_sym)(abi_vfs *, void *, const char *))(void);
	void (*dl_close)(abi_vfs *, void *);
	int (*randomness)(abi_vfs *, int, char *);
	int (*sleep)(abi_vfs *, int);
	int (*time)(abi_vfs *, double *);
	int (*last_error)(abi_vfs *, int, char *);
	int (*time64)(abi_vfs *, abi_int64 *);
	void *set_call, *get_call, *next_call;
};

abi_vfs *sqlite3_vfs_find(const char *);
int sqlite3_vfs_register(abi_vfs *, int);

enum {
	ABI_OK = 0, ABI_NOMEM = 7, ABI_IOERR = 10, ABI_FULL = 13,
	ABI_IOERR_WRITE = ABI_IOERR | 3 << 8, ABI_IOERR_FSYNC = ABI_IOERR | 4 << 8, ABI_IOERR_TRUNCATE = ABI_IOERR | 6 << 8,
	ABI_IOERR_SHMSIZE = ABI_IOERR | 19 << 8,
	ABI_CREATE = 0x4, ABI_MAIN_DB = 0x100, ABI_MAIN_JOURNAL = 0x800, ABI_WAL = 0x80000,
	ABI_CONTROL_PRAGMA = 14, ABI_EXISTS = 0
};

#endif
