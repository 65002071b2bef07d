package dev.fovea.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataSetsTest {

    @TempDir
    Path folder;

    private void files(String... names) throws IOException {
        for (String name : names) {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, name.endsWith("list.csv") ? "path,label\na.jpg,rose\n" : "epoch,loss\n1,2\n");
        }
    }

    private List<String> found() {
        return DataSets.below(folder, path -> path.getFileName().toString().equals("runs")).stream()
                .map(one -> "%s %s %s %s"
                        .formatted(folder.relativize(one.path()), one.kind(), one.classes(), one.images())
                        .strip())
                .toList();
    }

    @Test
    void setsOfEveryFormAreFoundByTheirNames() throws IOException {
        files(
                "flowers/rose/1.jpg",
                "flowers/tulip/1.jpg",
                "flowers/tulip/2.jpg",
                "insects/train/ant/1.jpg",
                "insects/train/bee/1.jpg",
                "insects/val/ant/2.jpg",
                "cells/Annotations/1.xml",
                "cells/JPEGImages/1.jpg",
                "street/annotations/instances_train2017.json",
                "street/train2017/1.jpg",
                "roads/train/images/1.png",
                "roads/train/masks/1.png",
                "roads/val/images/2.png",
                "roads/val/masks/2.png",
                "digits/train-images-idx3-ubyte.gz",
                "digits/train-labels-idx1-ubyte.gz",
                "deep/er/birds/owl/1.jpg",
                "deep/er/birds/jay/1.jpg",
                "photos/1.jpg",
                "photos/2.jpg",
                "films/goal/1.mp4",
                "films/miss/1.mp4",
                "films/miss/2.gif",
                "faces.zip",
                "list.csv",
                "flowers.corrections.csv",
                "metrics.csv",
                "notes.txt",
                "runs/a/rose/1.jpg",
                "runs/a/tulip/1.jpg",
                ".hidden/rose/1.jpg",
                ".hidden/tulip/1.jpg");
        Files.writeString(folder.resolve("flowers.corrections.csv"), "path,part,finding,score\n");
        assertThat(found())
                .containsExactlyInAnyOrder(
                        "flowers classes 2 3",
                        "insects classes 2 3",
                        "cells boxes 0 0",
                        "street boxes 0 0",
                        "roads masks 0 0",
                        "digits digits 0 0",
                        "deep/er/birds classes 2 2",
                        "photos images 0 2",
                        "films clips 2 3",
                        "faces.zip archive 0 0",
                        "list.csv list 0 0");
    }

    @Test
    void aFolderWithOneFolderOfImagesHasOneClass() throws IOException {
        files("my images/cat/1.jpg", "my images/cat/2.jpg", "deep/photos/1.jpg", "deep/photos/2.jpg", "deep/notes.txt");
        assertThat(found()).containsExactlyInAnyOrder("my images classes 1 2", "deep/photos images 0 2");
    }

    @Test
    void theFolderItselfCanBeADataSet() throws IOException {
        files("rose/1.jpg", "tulip/1.jpg", "list.csv", "runs/a/1.png");
        assertThat(found()).containsExactly("classes 2 2", "list.csv list 0 0");
    }
}
