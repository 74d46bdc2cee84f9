def site_context(request):
    return {}
