@echo off
rem Starts Fovea; builds it first if that has not been done. FOVEA_REBUILD=1 builds again.
setlocal
set "HOME_DIR=%~dp0"
rem The CPU and the CUDA build of libtorch lie beside each other, each with a stamp of its own.
set "VARIANT="
set "PROFILE="
if defined FOVEA_GPU if not "%FOVEA_GPU%"=="0" if /i not "%FOVEA_GPU%"=="false" if /i not "%FOVEA_GPU%"=="no" (
    set "VARIANT=-gpu"
    set "PROFILE=-Pgpu"
)
set "STAMP=%HOME_DIR%cli\target\built%VARIANT%"
if defined FOVEA_REBUILD if exist "%STAMP%" del "%STAMP%"
if not exist "%STAMP%" (
    echo fovea: building ^(the first time downloads libtorch, OpenCV and ONNX Runtime, about 260 MB^) 1>&2
    call "%HOME_DIR%mvnw.cmd" -B -q -f "%HOME_DIR%pom.xml" %PROFILE% -pl core,export,serve,cli -DskipTests package 1>&2 || exit /b 1
    type nul > "%STAMP%"
)
set "OPENBLAS_NUM_THREADS=1"
set "OPENCV_LOG_LEVEL=SILENT"
rem Java takes one garbage collector only: one that the user names, in any of the three places, wins.
set "COLLECTOR="
echo "%FOVEA_JAVA_OPTS% %JAVA_TOOL_OPTIONS% %JDK_JAVA_OPTIONS%" | findstr /r /c:"-XX:+Use[A-Za-z0-9]*GC" > nul || set "COLLECTOR=-XX:+UseParallelGC"
set "JAVA=java"
if defined JAVA_HOME set "JAVA=%JAVA_HOME%\bin\java"
rem Standard output is for results: what the JVM itself has to say goes to standard error.
"%JAVA%" -XX:+DisplayVMOutputToStderr -Xlog:disable -Xlog:all=warning:stderr -Xlog:gc+ergo=off:stderr ^
    %COLLECTOR% -Dorg.bytedeco.javacpp.maxPhysicalBytes=0 -Djava.awt.headless=true %FOVEA_JAVA_OPTS% ^
    -cp "%HOME_DIR%cli\target\classes;%HOME_DIR%core\target\classes;%HOME_DIR%export\target\classes;%HOME_DIR%serve\target\classes;%HOME_DIR%cli\target\lib%VARIANT%\*" dev.fovea.cli.Main %*
exit /b %ERRORLEVEL%
