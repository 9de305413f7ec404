/* Plays NVIDIA's CUDA driver library for the tests, as far as it is asked without a context. Two GPUs, the faster first, which NVML has
   second. Compiled with: -DMIG (one device, a slice of NVML's first GPU), -DFAIL_INIT, -DNO_DEVICES, -DOLD (no identifier of slices, no
   place on the bus), -DERRORS (every query fails). A call that makes a context ends the process. */
#include <stdlib.h>
#include <string.h>

#ifdef ERRORS
#define QUERY return 999
#else
#define QUERY return 0
#endif

static int started;

int cuInit(unsigned int flags)
{
#ifdef FAIL_INIT
    return 100; /* CUDA_ERROR_NO_DEVICE */
#else
    started = 1;
    return (int)flags;
#endif
}

int cuDriverGetVersion(int *version) { *version = 12080; QUERY; }

int cuDeviceGetCount(int *count)
{
    if (!started) return 3;
#ifdef NO_DEVICES
    *count = 0;
#elif defined(MIG)
    *count = 1;
#else
    *count = 2;
#endif
    return 0;
}

int cuDeviceGet(int *device, int index) { *device = 40 + index; return 0; }

int cuDeviceGetName(char *name, int length, int device)
{
    (void)length;
#ifdef MIG
    (void)device;
    strcpy(name, "NVIDIA H100 80GB HBM3 MIG 1g.10gb");
#else
    strcpy(name, device == 40 ? "NVIDIA Fast" : "NVIDIA Slow");
#endif
    QUERY;
}

/* NVML's GPU 0 is at 00000000:65:00.0, its GPU 1 at 00000000:66:00.0. */
#ifndef OLD
int cuDeviceGetPCIBusId(char *text, int length, int device)
{
    (void)length;
#ifdef MIG
    (void)device;
    strcpy(text, "0000:65:00.0");
#else
    strcpy(text, device == 40 ? "0000:66:00.0" : "0000:65:00.0");
#endif
    QUERY;
}

int cuDeviceGetUuid_v2(unsigned char *bytes, int device)
{
    memset(bytes, 0, 16);
    bytes[0] = (unsigned char)(0x50 + device - 40);
#ifdef MIG
    bytes[0] = 0xab;
#endif
    QUERY;
}
#endif

int cuDeviceGetUuid(unsigned char *bytes, int device) { memset(bytes, 0, 16); bytes[0] = (unsigned char)(0x50 + device - 40); QUERY; }

int cuDeviceTotalMem_v2(size_t *bytes, int device)
{
#ifdef MIG
    (void)device;
    *bytes = 10200547328ULL;
#else
    *bytes = device == 40 ? 85000000000ULL : 8000000000ULL;
#endif
    QUERY;
}

int cuDeviceGetAttribute(int *value, int attribute, int device)
{
    if (attribute != 75 && attribute != 76) return 1;
    *value = attribute == 75 ? (device == 40 ? 9 : 7) : (device == 40 ? 0 : 5);
    QUERY;
}

int cuCtxCreate_v2(void **context, unsigned int flags, int device) { (void)context; (void)flags; (void)device; abort(); }
int cuDevicePrimaryCtxRetain(void **context, int device) { (void)context; (void)device; abort(); }
