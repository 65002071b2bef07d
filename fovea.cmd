@echo off
rem Starts Fovea; builds it first if that has not been done. FOVEA_REBUILD=1 builds again.
setlocal
set "HOME_DIR=%~dp0"
set "STAMP=%HOME_DIR%cli\target\built"
set "PROFILE="
if defined FOVEA_GPU set "PROFILE=-Pgpu"
if defined FOVEA_REBUILD if exist "%STAMP%" del "%STAMP%"
if not exist "%STAMP%" (
    echo fovea: building ^(the first time downloads libtorch and OpenCV, about 200 MB^) 1>&2
    call "%HOME_DIR%mvnw.cmd" -B -q -f "%HOME_DIR%pom.xml" %PROFILE% -pl core,cli -DskipTests package 1>&2 || exit /b 1
    type nul > "%STAMP%"
)
set "OPENBLAS_NUM_THREADS=1"
set "OPENCV_LOG_LEVEL=SILENT"
set "JAVA=java"
if defined JAVA_HOME set "JAVA=%JAVA_HOME%\bin\java"
"%JAVA%" -XX:+UseParallelGC -Dorg.bytedeco.javacpp.maxPhysicalBytes=0 -Djava.awt.headless=true %FOVEA_JAVA_OPTS% ^
    -cp "%HOME_DIR%cli\target\classes;%HOME_DIR%core\target\classes;%HOME_DIR%cli\target\lib\*" dev.fovea.cli.Main %*
exit /b %ERRORLEVEL%
