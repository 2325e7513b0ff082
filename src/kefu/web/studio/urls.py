from django.urls import path

from kefu.web.studio import article, articles, worklist

urlpatterns = [
    path("", articles.articles, name="studio"),
    path("worklist/", worklist.worklist, name="studio-worklist"),
    path("worklist/<int:pk>/", worklist.decide, name="studio-decide"),
    path("articles/new/", article.new, name="studio-new"),
    path("articles/preview/", article.preview, name="studio-preview"),
    path("articles/<int:pk>/", article.article, name="studio-article"),
    path("articles/<int:pk>/withdrawal/", article.withdrawal, name="studio-withdrawal"),
    path("articles/<int:pk>/revisions/<int:number>/", article.revision, name="studio-revision"),
    path("articles/<int:pk>/revisions/<int:number>/restoration/", article.restoration, name="studio-restoration"),
]
