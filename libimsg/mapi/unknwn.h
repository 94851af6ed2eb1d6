/* unknwn.h - how interfaces are declared, and IUnknown
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef IMSG_MAPI_UNKNWN_H
#define IMSG_MAPI_UNKNWN_H

#include "winerror.h"
#include "wtypes.h"

#ifndef interface
# define interface struct
#endif

#define STDAPI EXTERN_C HRESULT STDAPICALLTYPE
#define STDAPI_(type) EXTERN_C type STDAPICALLTYPE
#define STDMETHODIMP HRESULT STDMETHODCALLTYPE
#define STDMETHODIMP_(type) type STDMETHODCALLTYPE

/* An object is a pointer to its table of functions. C++ writes that as a class of pure virtual
 * functions without data, C as a structure; CINTERFACE asks for the C form in C++ too. */
#if defined(__cplusplus) && !defined(CINTERFACE)
# define IMSG_MAPI_CLASSES 1
# define STDMETHOD(method) virtual HRESULT STDMETHODCALLTYPE method
# define STDMETHOD_(type, method) virtual type STDMETHODCALLTYPE method
# define PURE = 0
# define THIS_
# define THIS void
# define DECLARE_INTERFACE(iface) interface iface
# define DECLARE_INTERFACE_(iface, base) interface iface : public base
# define IMSG_MAPI_FORWARD(iface) interface iface
#else
# define STDMETHOD(method) HRESULT (STDMETHODCALLTYPE *method)
# define STDMETHOD_(type, method) type (STDMETHODCALLTYPE *method)
# define PURE
# define THIS_ INTERFACE *This,
# define THIS INTERFACE *This
# define DECLARE_INTERFACE(iface)                                                                   \
  typedef interface iface                                                                           \
  {                                                                                                 \
    const struct iface##Vtbl *lpVtbl;                                                               \
  } iface;                                                                                          \
  typedef struct iface##Vtbl iface##Vtbl;                                                           \
  struct iface##Vtbl
# define DECLARE_INTERFACE_(iface, base) DECLARE_INTERFACE (iface)
# define IMSG_MAPI_FORWARD(iface) interface iface
#endif

#ifndef BEGIN_INTERFACE
# define BEGIN_INTERFACE
# define END_INTERFACE
#endif

/* Method lists are written once: IPURE is PURE in an interface, empty (IMPL) in a class of a
 * program that implements it. */
#define IMPL
#define MAPI_IUNKNOWN_METHODS(IPURE)                                                                \
  STDMETHOD (QueryInterface) (THIS_ REFIID riid, LPVOID *ppvObj) IPURE;                             \
  STDMETHOD_ (ULONG, AddRef) (THIS) IPURE;                                                          \
  STDMETHOD_ (ULONG, Release) (THIS) IPURE;

#undef INTERFACE
#define INTERFACE IUnknown
DECLARE_INTERFACE (IUnknown)
{
  BEGIN_INTERFACE
  MAPI_IUNKNOWN_METHODS (PURE)
};
typedef interface IUnknown *LPUNKNOWN;

EXTERN_C IMSG_MAPI_API const IID IID_IUnknown;

#if defined(COBJMACROS) && !defined(IMSG_MAPI_CLASSES)
# define IUnknown_QueryInterface(p, a, b) (p)->lpVtbl->QueryInterface (p, a, b)
# define IUnknown_AddRef(p) (p)->lpVtbl->AddRef (p)
# define IUnknown_Release(p) (p)->lpVtbl->Release (p)
#endif

#endif
