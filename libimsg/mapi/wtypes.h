/* wtypes.h - the base types, in the sizes that Windows gives them
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef IMSG_MAPI_WTYPES_H
#define IMSG_MAPI_WTYPES_H

#include <stddef.h>
#include <stdint.h>

#include "guiddef.h"

#ifndef VOID
# define VOID void
#endif
#ifndef CONST
# define CONST const
#endif
#ifndef TRUE
# define TRUE 1
#endif
#ifndef FALSE
# define FALSE 0
#endif
#ifndef IN
# define IN
#endif
#ifndef OUT
# define OUT
#endif
#ifndef OPTIONAL
# define OPTIONAL
#endif

/* There is one calling convention here. */
#define STDMETHODCALLTYPE
#define STDMETHODVCALLTYPE
#define STDAPICALLTYPE
#define STDAPIVCALLTYPE
#define WINAPI
#define APIENTRY
#define CALLBACK
#define PASCAL
#ifndef __stdcall
# define __stdcall
#endif
#ifndef __cdecl
# define __cdecl
#endif

/* Annotations for the source analysers of other compilers */
#ifndef _In_
# define _In_
# define _In_opt_
# define _In_z_
# define _In_opt_z_
# define _In_count_(n)
# define _In_reads_(n)
# define _In_reads_bytes_(n)
# define _In_bytecount_(n)
# define _Inout_
# define _Inout_opt_
# define _Out_
# define _Out_opt_
# define _Out_writes_(n)
# define _Out_writes_bytes_(n)
# define _Outptr_
# define _Outptr_opt_
# define _Outptr_result_maybenull_
# define _Deref_out_
# define _Deref_out_opt_
# define _Check_return_
# define _Must_inspect_result_
# define _Ret_maybenull_
#endif

typedef void *LPVOID;
typedef void *PVOID;
typedef const void *LPCVOID;

typedef uint8_t BYTE;
typedef BYTE *LPBYTE;
typedef BYTE *PBYTE;
typedef unsigned char UCHAR;
typedef char CHAR;
typedef int32_t BOOL;
typedef BOOL *LPBOOL;
typedef int16_t SHORT;
typedef uint16_t WORD;
typedef WORD *LPWORD;
typedef uint16_t USHORT;
typedef uint16_t CLIPFORMAT;
typedef int32_t INT;
typedef uint32_t UINT;
typedef int32_t LONG;
typedef LONG *LPLONG;
typedef uint32_t ULONG;
typedef ULONG *LPULONG;
typedef ULONG *PULONG;
typedef uint32_t DWORD;
typedef DWORD *LPDWORD;
typedef uint32_t LCID;
typedef int64_t LONGLONG;
typedef uint64_t ULONGLONG;
typedef uint64_t DWORDLONG;
typedef uintptr_t ULONG_PTR;
typedef intptr_t LONG_PTR;
typedef uintptr_t UINT_PTR;
typedef uintptr_t DWORD_PTR;
typedef size_t SIZE_T;
typedef int32_t SCODE;
typedef SCODE *PSCODE;
typedef int32_t HRESULT;

typedef void *HANDLE;
typedef void *HWND;
typedef void *HGLOBAL;
typedef void *HINSTANCE;
typedef void *HMODULE;
typedef void *PSECURITY_DESCRIPTOR;

/* One UTF-16 code unit. With -fshort-wchar it is wchar_t, so that L"..." stays as it was written for
 * Windows; else L"..." is 32 bits wide and does not convert, but u"..." does. */
#if defined(__cplusplus) && __SIZEOF_WCHAR_T__ == 2
typedef wchar_t WCHAR;
#elif defined(__cplusplus) && __cplusplus >= 201103L
typedef char16_t WCHAR;
#else
typedef uint16_t WCHAR;
#endif
#if __SIZEOF_WCHAR_T__ == 2
# define IMSG_MAPI_WIDE(text) L##text
#else
# define IMSG_MAPI_WIDE(text) u##text
#endif
typedef WCHAR *LPWSTR;
typedef WCHAR *PWSTR;
typedef const WCHAR *LPCWSTR;
typedef const WCHAR *PCWSTR;
typedef char *LPSTR;
typedef char *PSTR;
typedef const char *LPCSTR;
typedef const char *PCSTR;
typedef WCHAR OLECHAR;
typedef OLECHAR *LPOLESTR;
typedef const OLECHAR *LPCOLESTR;
#define OLESTR(text) IMSG_MAPI_WIDE (text)

#ifdef UNICODE
typedef WCHAR TCHAR;
# ifndef TEXT
#  define TEXT(text) IMSG_MAPI_WIDE (text)
# endif
#else
typedef char TCHAR;
# ifndef TEXT
#  define TEXT(text) text
# endif
#endif
#ifndef _T
# define _T(text) TEXT (text)
#endif
typedef TCHAR *LPTSTR;
typedef const TCHAR *LPCTSTR;

/* 100 ns since 1601-01-01 UTC; aligned to 4, so never to be cast to a 64-bit pointer */
typedef struct _FILETIME
{
  DWORD dwLowDateTime;
  DWORD dwHighDateTime;
} FILETIME;
typedef FILETIME *LPFILETIME;
typedef const FILETIME *LPCFILETIME;

typedef union _LARGE_INTEGER
{
  __extension__ struct
  {
    DWORD LowPart;
    LONG  HighPart;
  };
  struct
  {
    DWORD LowPart;
    LONG  HighPart;
  } u;
  LONGLONG QuadPart;
} LARGE_INTEGER;
typedef LARGE_INTEGER *LPLARGE_INTEGER;

typedef union _ULARGE_INTEGER
{
  __extension__ struct
  {
    DWORD LowPart;
    DWORD HighPart;
  };
  struct
  {
    DWORD LowPart;
    DWORD HighPart;
  } u;
  ULONGLONG QuadPart;
} ULARGE_INTEGER;
typedef ULARGE_INTEGER *LPULARGE_INTEGER;

#define LISet32(li, v) ((li).QuadPart = (LONGLONG) (LONG) (v))
#define ULISet32(li, v) ((li).QuadPart = (ULONGLONG) (ULONG) (v))

typedef union tagCY
{
  __extension__ struct
  {
    ULONG Lo;
    LONG  Hi;
  };
  LONGLONG int64;
} CY;
#ifndef IMSG_MAPI_CURRENCY
# define IMSG_MAPI_CURRENCY
typedef CY CURRENCY;
#endif

typedef struct tagBLOB
{
  ULONG cbSize;
  BYTE *pBlobData;
} BLOB;

#ifndef UNREFERENCED_PARAMETER
# define UNREFERENCED_PARAMETER(p) ((void) (p))
#endif

#endif
