from django.urls import path

from kefu.web.studio import about, article, articles, thing_pages, worklist

urlpatterns = [
    path("", articles.articles, name="studio"),
    path("worklist/", worklist.worklist, name="studio-worklist"),
    path("worklist/<int:pk>/", worklist.decide, name="studio-decide"),
    path("things/<slug:code>/", thing_pages.things, name="studio-things"),
    path("things/<slug:code>/new/", thing_pages.thing, name="studio-thing-new"),
    path("things/<slug:code>/preview/", thing_pages.preview, name="studio-thing-preview"),
    path("things/<slug:code>/changes/<int:pk>/", thing_pages.taking_back, name="studio-thing-back"),
    path("things/<slug:code>/<path:key>/removal/", thing_pages.removal, name="studio-thing-removal"),
    path("things/<slug:code>/<path:key>/", thing_pages.thing, name="studio-thing"),
    path("articles/new/", article.new, name="studio-new"),
    path("articles/preview/", article.preview, name="studio-preview"),
    path("articles/<int:pk>/", article.article, name="studio-article"),
    path("articles/<int:pk>/about/", about.about, name="studio-about"),
    path("articles/<int:pk>/withdrawal/", article.withdrawal, name="studio-withdrawal"),
    path("articles/<int:pk>/revisions/<int:number>/", article.revision, name="studio-revision"),
    path("articles/<int:pk>/revisions/<int:number>/restoration/", article.restoration, name="studio-restoration"),
]
