/* Plays NVIDIA's management library for the tests. Compiled with: -DDEVICES=n, -DERRORS (every query fails),
   -DFAIL_INIT, -DOLD_DRIVER (few functions), -DMIG, -DLONG_NAME (96 characters, no terminator), -DMIXED (unlike GPUs),
   -DLOST (the first GPU does not answer), -DCOUNTING (its energy grows by 250 mJ at each query), -DRELOADED (its energy
   begins anew after the third query), -DNO_COUNTER (it does not tell its energy). */
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

int nvmlDeviceGetMemoryInfo(device *gpu, memory *info)
{
    (void)gpu;
    info->total = 85520809984ULL; info->free = 1; info->used = 5000000000ULL;
    QUERY;
}

int nvmlDeviceGetCudaComputeCapability(device *gpu, int *major, int *minor) { (void)gpu; *major = 9; *minor = 0; QUERY; }
int nvmlDeviceGetMaxClockInfo(device *gpu, unsigned int which, unsigned int *mhz) { (void)gpu; *mhz = which == 1 ? 1980 : 2619; QUERY; }
int nvmlDeviceGetClockInfo(device *gpu, unsigned int which, unsigned int *mhz) { (void)gpu; *mhz = which == 1 ? 1410 : 2000; QUERY; }
int nvmlDeviceGetTemperature(device *gpu, unsigned int sensor, unsigned int *celsius) { (void)gpu; *celsius = sensor == 0 ? 61 : 0; QUERY; }
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

int nvmlDeviceGetCurrentClocksThrottleReasons(device *gpu, unsigned long long *bits) { (void)gpu; *bits = 0x22; QUERY; }

int nvmlDeviceGetComputeRunningProcesses_v3(device *gpu, unsigned int *count, process *list)
{
    (void)gpu;
    if (*count < 2) return 7;
    list[0].pid = 1; list[0].used = 1;
    list[1].pid = (unsigned int)getpid(); list[1].used = 3000000000ULL;
    *count = 2;
    QUERY;
}
#endif

#ifdef MIG
int nvmlDeviceGetMigMode(device *gpu, unsigned int *current, unsigned int *pending) { (void)gpu; *current = 1; *pending = 1; return 0; }
#endif
