/* guiddef.h - GUIDs, and how identifiers are declared and defined
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef IMSG_MAPI_GUIDDEF_H
#define IMSG_MAPI_GUIDDEF_H

#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
# define EXTERN_C extern "C"
# define EXTERN_C_START extern "C" {
# define EXTERN_C_END }
#else
# define EXTERN_C extern
# define EXTERN_C_START
# define EXTERN_C_END
#endif

/* Exported by libimsg-mapi-1 */
#define IMSG_MAPI_API __attribute__ ((visibility ("default")))

#ifndef FAR
# define FAR
#endif

#ifndef GUID_DEFINED
# define GUID_DEFINED
/* 16 bytes, aligned to 4: the first three members in the machine's order */
typedef struct _GUID
{
  uint32_t Data1;
  uint16_t Data2;
  uint16_t Data3;
  uint8_t  Data4[8];
} GUID;
#endif

typedef GUID *LPGUID;
typedef const GUID *LPCGUID;
typedef GUID IID;
typedef IID *LPIID;
typedef const IID *LPCIID;
typedef GUID CLSID;
typedef CLSID *LPCLSID;
typedef GUID FMTID;
typedef FMTID *LPFMTID;

#ifdef __cplusplus
# define REFGUID const GUID &
# define REFIID const IID &
# define REFCLSID const CLSID &
# define REFFMTID const FMTID &

inline int
InlineIsEqualGUID (REFGUID a, REFGUID b)
{
  return memcmp (&a, &b, sizeof (GUID)) == 0;
}

inline int
IsEqualGUID (REFGUID a, REFGUID b)
{
  return memcmp (&a, &b, sizeof (GUID)) == 0;
}

inline bool
operator== (REFGUID a, REFGUID b)
{
  return IsEqualGUID (a, b) != 0;
}

inline bool
operator!= (REFGUID a, REFGUID b)
{
  return !(a == b);
}
#else
# define REFGUID const GUID *
# define REFIID const IID *
# define REFCLSID const CLSID *
# define REFFMTID const FMTID *
# define IsEqualGUID(a, b) (memcmp ((a), (b), sizeof (GUID)) == 0)
# define InlineIsEqualGUID(a, b) IsEqualGUID (a, b)
#endif

#define IsEqualIID(a, b) IsEqualGUID (a, b)
#define IsEqualCLSID(a, b) IsEqualGUID (a, b)
#define IsEqualFMTID(a, b) IsEqualGUID (a, b)

#endif /* IMSG_MAPI_GUIDDEF_H */

/* Read anew each time, as a program may define INITGUID between two headers. A definition is weak,
 * so that several files of one program may make it. */
#undef DEFINE_GUID
#undef DEFINE_OLEGUID
#ifdef INITGUID
# define DEFINE_GUID(name, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8)                               \
  EXTERN_C const GUID name __attribute__ ((weak, visibility ("default")));                           \
  const GUID name = { l, w1, w2, { b1, b2, b3, b4, b5, b6, b7, b8 } }
#else
# define DEFINE_GUID(name, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8)                               \
  EXTERN_C IMSG_MAPI_API const GUID name
#endif
#define DEFINE_OLEGUID(name, l, w1, w2)                                                             \
  DEFINE_GUID (name, l, w1, w2, 0xC0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
