/* Plays NVIDIA's management library for the tests. Compiled with: -DDEVICES=n, -DERRORS (every query fails),
   -DFAIL_INIT, -DOLD_DRIVER (few functions), -DMIG, -DLONG_NAME (96 characters, no terminator), -DMIXED (unlike GPUs),
   -DLOST (the first GPU does not answer), -DCOUNTING (its energy grows by 250 mJ at each query), -DRELOADED (its energy
   begins anew after the third query), -DNO_COUNTER (it does not tell its energy), -DGROWING (memory in use grows by 1 GB at each
   query), -DCONTAINER (processes have the host's numbers), -DSLOWING (its clock falls by 200 MHz at each query), -DIDLE (it has nothing to do),
   -DCUDA14 (what NVIDIA deprecates in CUDA 13 is there no more, and only says so). */
#include <string.h>
#include <unistd.h>

#ifndef DEVICES
#define DEVICES 1
#endif

#ifdef ERRORS
#define QUERY return 3 /* NVML_ERROR_NOT_SUPPORTED */
#else
#define QUERY return 0
#endif

typedef struct { int index; } device;
typedef struct { unsigned long long total, free, used; } memory;
typedef struct { unsigned int pid; unsigned long long used; unsigned int gpu, compute; } process;

static device devices[8] = {{0}, {1}, {2}, {3}, {4}, {5}, {6}, {7}};

#ifdef FAIL_INIT
int nvmlInit_v2(void) { return 9; }
#else
int nvmlInit_v2(void) { return 0; }
#endif
int nvmlShutdown(void) { return 0; }

int nvmlDeviceGetCount_v2(unsigned int *count) { *count = DEVICES; return 0; }

int nvmlDeviceGetHandleByIndex_v2(unsigned int index, device **found)
{
#ifdef LOST
    if (index == 0) return 15;
#endif
    *found = &devices[index];
    return 0;
}

int nvmlDeviceGetName(device *gpu, char *name, unsigned int length)
{
#ifdef LONG_NAME
    memset(name, 'x', length);
#elif defined(MIXED)
    strcpy(name, gpu->index == 0 ? "NVIDIA Slow" : "NVIDIA Fast");
#else
    strcpy(name, "NVIDIA H100 80GB HBM3");
#endif
    (void)gpu; (void)length;
    QUERY;
}

#ifndef OLD_DRIVER
int nvmlSystemGetDriverVersion(char *text, unsigned int length) { (void)length; strcpy(text, "570.86.15"); QUERY; }
int nvmlSystemGetCudaDriverVersion_v2(int *version) { *version = 12080; QUERY; }

int nvmlDeviceGetUUID(device *gpu, char *text, unsigned int length)
{
    (void)length;
    strcpy(text, "GPU-a0000000-0000");
    text[4] = (char)('0' + gpu->index);
    QUERY;
}

typedef struct { char legacy[16]; unsigned int domain, bus, device, device_and_vendor, subsystem; char text[32]; } pci;

static device slice = {100};

/* A slice is a device of its own, which only its identifier leads to. */
int nvmlDeviceGetHandleByUUID(const char *uuid, device **found)
{
    if (strcmp(uuid, "MIG-ab000000-0000-0000-0000-000000000000") == 0) *found = &slice;
    else if (strcmp(uuid, "GPU-50000000-0000-0000-0000-000000000000") == 0) *found = &devices[1];
    else return 6; /* NVML_ERROR_NOT_FOUND */
    QUERY;
}

int nvmlDeviceGetPciInfo_v3(device *gpu, pci *info)
{
    memset(info, 0xff, sizeof *info);
    info->domain = 0; info->bus = 0x65 + gpu->index; info->device = 0;
    QUERY;
}

int nvmlDeviceGetMemoryInfo(device *gpu, memory *info)
{
    info->total = 85520809984ULL; info->free = 80520809984ULL; info->used = 5000000000ULL;
    if (gpu == &slice) { info->total = 10200547328ULL; info->free = 9000000000ULL; info->used = 1200547328ULL; }
#ifdef GROWING
    static unsigned long long queries = 0;
    info->used += 1000000000ULL * queries++;
#endif
    QUERY;
}

int nvmlDeviceGetCudaComputeCapability(device *gpu, int *major, int *minor) { (void)gpu; *major = 9; *minor = 0; QUERY; }
int nvmlDeviceGetMaxClockInfo(device *gpu, unsigned int which, unsigned int *mhz) { (void)gpu; *mhz = which == 1 ? 1980 : 2619; QUERY; }
int nvmlDeviceGetClockInfo(device *gpu, unsigned int which, unsigned int *mhz)
{
    (void)gpu;
    *mhz = which == 1 ? 1410 : 2000;
#ifdef SLOWING
    static unsigned int queries = 0;
    *mhz = 1980 - 200 * queries++;
#endif
    QUERY;
}
#ifdef CUDA14
#define REMOVED return 26 /* NVML_ERROR_DEPRECATED */
typedef struct { unsigned int version; int sensor, celsius; } temperature;

int nvmlDeviceGetTemperatureV(device *gpu, temperature *now)
{
    (void)gpu;
    if (now->version != (sizeof *now | 1U << 24)) return 25; /* NVML_ERROR_ARGUMENT_VERSION_MISMATCH */
    now->celsius = now->sensor == 0 ? 61 : 0;
    QUERY;
}

int nvmlDeviceGetCurrentClocksEventReasons(device *gpu, unsigned long long *bits) { (void)gpu; *bits = 0x24; QUERY; }
#else
#define REMOVED QUERY
#endif
int nvmlDeviceGetTemperature(device *gpu, unsigned int sensor, unsigned int *celsius) { (void)gpu; *celsius = sensor == 0 ? 61 : 0; REMOVED; }
int nvmlDeviceGetPowerUsage(device *gpu, unsigned int *milliwatts) { (void)gpu; *milliwatts = 350000; QUERY; }

int nvmlDeviceGetTotalEnergyConsumption(device *gpu, unsigned long long *mj)
{
    (void)gpu;
#ifdef NO_COUNTER
    return 3;
#endif
    *mj = 12345678901ULL;
#if defined(COUNTING) || defined(RELOADED)
    static unsigned long long queries = 0;
    *mj += 250 * queries++;
#endif
#ifdef RELOADED
    if (queries > 3) *mj = 10;
#endif
    QUERY;
}

int nvmlDeviceGetCurrentClocksThrottleReasons(device *gpu, unsigned long long *bits)
{
    (void)gpu;
    *bits = 0x22;
#ifdef IDLE
    *bits = 1;
#endif
    REMOVED;
}

int nvmlDeviceGetComputeRunningProcesses_v3(device *gpu, unsigned int *count, process *list)
{
    (void)gpu;
    if (*count < 2) return 7;
    list[0].pid = 1; list[0].used = 1;
    list[1].pid = (unsigned int)getpid(); list[1].used = 3000000000ULL;
#ifdef CONTAINER
    list[1].pid = 2;
#endif
#ifdef GROWING
    static unsigned long long queries = 0;
    list[1].used += 1000000000ULL * queries++;
#endif
    *count = 2;
    QUERY;
}
#endif

#ifdef MIG
int nvmlDeviceGetMigMode(device *gpu, unsigned int *current, unsigned int *pending) { (void)gpu; *current = 1; *pending = 1; return 0; }
#endif
